// Asserts that the analysis takes time in proportion: what one more event costs the processors in a trace, and in the same trace ten times as
// long. Both are differences, so that the start of the program and the drawing of the report, which take as long anyway, cancel out.
//   npm run bench:growth [-- CASE ...] [--times 10] [--within 2]      a CASE is a folder with trace.sqlite or trace.sqlite.gz
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { cpuTime, medianOf } from './cpu-time.mjs';
import { grow, growRequests } from './grow.mjs';
import { eventsOf } from './measure.mjs';

const MAIN = new URL('../dist/cli/main.js', import.meta.url).pathname;
const fixture = name => new URL(`../fixtures/${name}`, import.meta.url).pathname;
/** A server under load, and one whose scheduler overlaps with its steps. */
const CASES = ['serving-incident', 'overlap-scheduler'].map(fixture);
/** So many events the shortest trace has at least: with fewer, noise is all that is measured. */
const FEWEST_EVENTS = 300_000;
const RUNS = 3;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { times: { type: 'string', default: '10' }, within: { type: 'string', default: '2' } },
});
const times = Number(values.times);
const within = Number(values.within);
const work = mkdtempSync(join(tmpdir(), 'forensics-growth-'));

/** A case so many times as long, with its requests. */
function longer(folder, trace, name, factor) {
  const out = join(work, name);
  mkdirSync(out);
  const shiftNs = grow(trace, join(out, 'trace.sqlite'), factor);
  const requests = join(folder, 'requests.jsonl');
  if (existsSync(requests)) growRequests(requests, join(out, 'requests.jsonl'), factor, shiftNs);
  return out;
}

async function cpuOf(folder) {
  const runs = [];
  for (let k = 0; k < RUNS; k++) runs.push((await cpuTime(MAIN, ['analyze', folder, '--force', '--out', join(work, 'report')])).cpuS);
  return medianOf(runs);
}

try {
  const trace = join(work, 'trace.sqlite');
  for (const folder of positionals.length > 0 ? positionals : CASES) {
    const packed = join(folder, 'trace.sqlite.gz');
    writeFileSync(trace, existsSync(packed) ? gunzipSync(readFileSync(packed)) : readFileSync(join(folder, 'trace.sqlite')));
    const first = Math.ceil(FEWEST_EVENTS / eventsOf(trace));
    const points = [];
    for (const factor of [1, 2, times]) {
      const grown = longer(folder, trace, `x${factor}`, first * factor);
      points.push({ n: eventsOf(join(grown, 'trace.sqlite')), cpuS: await cpuOf(grown) });
      rmSync(grown, { recursive: true });
    }
    const [one, two, many] = points;
    const perEvent = (a, b) => (b.cpuS - a.cpuS) / (b.n - a.n);
    const ratio = perEvent(two, many) / perEvent(one, two);
    const isLinear = ratio <= within;
    const told = points.map(p => `${p.n.toLocaleString('en-US')} events ${p.cpuS.toFixed(2)} s`).join(', ');
    console.log(
      `${basename(folder).padEnd(20)} ${told}: one more costs ${ratio.toFixed(2)} times as much${isLinear ? '' : `, NOT within ${within}`}`,
    );
    if (!isLinear) process.exitCode = 1;
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
