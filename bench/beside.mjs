// Times two builds side by side on one case: runs in turn, so that both meet the same neighbours, and the ratio of each pair.
//   node bench/beside.mjs OLD/dist/cli/main.js NEW/dist/cli/main.js CASE [--pairs 8]
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { cpuTime, medianOf } from './cpu-time.mjs';

const { values, positionals } = parseArgs({ allowPositionals: true, options: { pairs: { type: 'string', default: '8' } } });
const [older, newer, input] = positionals;
if (input === undefined) {
  console.error('usage: node bench/beside.mjs OLD_MAIN NEW_MAIN CASE [--pairs 8]');
  process.exit(2);
}
const work = mkdtempSync(join(tmpdir(), 'forensics-beside-'));
// An older build does not know --force, and none writes over a report.
let runs = 0;
const run = main => cpuTime(main, ['analyze', input, '--out', join(work, `report-${++runs}`)]);
const told = (times, key) => `${medianOf(times.map(t => t[key])).toFixed(2)} s`;
try {
  // Not counted: the first of each reads its files from the disk.
  await run(older);
  await run(newer);
  const pairs = [];
  for (let k = 0; k < Number(values.pairs); k++) {
    // Each goes first as often as the other.
    const order = k % 2 === 0 ? [older, newer] : [newer, older];
    const times = [await run(order[0]), await run(order[1])];
    pairs.push(k % 2 === 0 ? times : times.toReversed());
  }
  const olds = pairs.map(p => p[0]);
  const news = pairs.map(p => p[1]);
  for (const [key, name] of [
    ['cpuS', 'processors'],
    ['wallS', 'wall'],
  ]) {
    const ratios = pairs.map(([a, b]) => b[key] / a[key]);
    const range = `${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}`;
    console.log(
      `${name.padEnd(11)} old ${told(olds, key)}, new ${told(news, key)}; new / old ${medianOf(ratios).toFixed(3)} at the median of ${pairs.length} pairs (${range})`,
    );
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
