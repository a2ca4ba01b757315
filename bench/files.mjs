// Writes large files as other programs write them, has `forensics analyze` read each beside a small trace, and says how much memory it held.
//   npm run bench:files -- [--mib 2100]
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { measure } from './measure.mjs';

const { values: asked } = parseArgs({ options: { mib: { type: 'string', default: '2100' }, only: { type: 'string', default: '' } } });
const MAIN = new URL('../dist/cli/main.js', import.meta.url).pathname;
const LIMIT_SECONDS = 1800;
/** The trace of the fixture lies within the load tests made here. */
const START = 1_795_324_000_000;
const at = ms => new Date(START + ms).toISOString();

/** Metrics that k6 writes for each request beside its duration. */
const K6_OTHERS = [
  'http_reqs',
  'http_req_blocked',
  'http_req_connecting',
  'http_req_sending',
  'http_req_waiting',
  'http_req_receiving',
  'http_req_failed',
];
const k6 = (metric, i, value) =>
  `{"metric":"${metric}","type":"Point","data":{"time":"${at(i * 5)}","value":${value},"tags":{"expected_response":"true","group":"","method":"POST","name":"http://127.0.0.1:8000/v1/completions","proto":"HTTP/1.1","scenario":"default","status":"200","url":"http://127.0.0.1:8000/v1/completions"}}}\n`;
const itl = (i, n) => Array.from({ length: n }, (_, k) => 9000 + ((i * 31 + k * 17) % 2000) / 10);

/** name, option, text before the records, of record i, between records, after them */
const FORMATS = [
  [
    'k6 points',
    '--requests',
    'k6.json',
    '',
    i => K6_OTHERS.map(metric => k6(metric, i, 1)).join('') + k6('http_req_duration', i, 100 + (i % 50)),
    '',
    '',
  ],
  [
    'our own lines, 500 tokens each',
    '--requests',
    'requests.jsonl',
    '',
    i =>
      `{"id": "r-${i}", "intended_ns": ${START + i * 50}000000, "arrival_ns": ${START + i * 50}000000, "first_token_ns": ${START + i * 50 + 90}000000, "finish_ns": ${START + i * 50 + 4690}000000, "prompt_tokens": 800, "output_tokens": 500, "itl_us": ${JSON.stringify(itl(i, 499))}, "status": "ok"}\n`,
    '',
    '',
  ],
  [
    'nvidia-smi',
    '--gpu',
    'gpu.csv',
    'timestamp, index, power.draw [W], clocks.current.sm [MHz], temperature.gpu, utilization.gpu [%]\n',
    i =>
      `${at(Math.floor(i / 8) * 20)
        .replace('T', ' ')
        .replace(/-/g, '/')
        .slice(0, 23)}, ${i % 8}, ${(300 + (i % 97)).toFixed(2)} W, 1980 MHz, ${50 + (i % 9)}, ${i % 101} %\n`,
    '',
    '',
  ],
];

const work = mkdtempSync(join(tmpdir(), 'forensics-bench-files-'));
try {
  const trace = join(work, 'trace.sqlite');
  writeFileSync(trace, gunzipSync(readFileSync(new URL('../fixtures/clean/trace.sqlite.gz', import.meta.url))));
  for (const [name, option, file, before, record, between, after] of FORMATS.filter(([n]) => n.includes(asked.only))) {
    const path = join(work, file);
    const fd = openSync(path, 'w');
    let size = writeSync(fd, before);
    let n = 0;
    while (size < Number(asked.mib) * 2 ** 20) {
      let batch = '';
      for (let k = 0; k < 200; k++) batch += (n > 0 ? between : '') + record(n++);
      size += writeSync(fd, batch);
    }
    size += writeSync(fd, after);
    closeSync(fd);
    const { seconds, mib, ok } = await measure(
      process.execPath,
      [MAIN, 'analyze', trace, option, path, '--zone-hours', '0', '--force', '--out', join(work, 'report')],
      LIMIT_SECONDS,
    );
    console.log(
      `${name.padEnd(32)}${(size / 2 ** 20).toFixed(0).padStart(6)} MiB ${String(n).padStart(9)} records: ${ok ? 'read' : 'FAILED'} in ${seconds.toFixed(0)} s, ${mib.toFixed(0)} MiB of memory at most`,
    );
    rmSync(path);
    rmSync(join(work, 'report'), { recursive: true, force: true });
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
