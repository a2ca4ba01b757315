// Prints what the profiler cost, from the case.json of captures that made a control run.
//   npm run overhead [-- CASE.json ...]     without any: the captures whose figures docs/capture.md shows
import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';

const HERE = new URL('./overhead/', import.meta.url);
const named = process.argv.slice(2);
const files = named.length > 0 ? named : readdirSync(HERE).map(name => new URL(name, HERE).pathname);

const percent = share => `${share >= 0 ? '+' : '−'}${Math.abs(100 * share).toFixed(0)} %`;
const value = number => (number < 100 ? number.toFixed(1) : number.toFixed(0));

console.log('| capture | metric | without nsys | with nsys | change | 95 % interval |');
console.log('|---|---|--:|--:|--:|--:|');
for (const file of files) {
  const { overhead } = JSON.parse(readFileSync(file, 'utf8'));
  for (const { metric, unit, control, recorded, change, change_ci } of overhead ?? [])
    console.log(
      `| ${basename(file, '.case.json')} | ${metric} | ${value(control)} ${unit} | ${value(recorded)} ${unit} | ${percent(change)} | ${change_ci === null ? 'too few requests' : change_ci.map(percent).join(' to ')} |`,
    );
}
