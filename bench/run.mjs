// Times `forensics analyze` beside NVIDIA's own reports on the same file, and on the same trace grown tenfold.
//   npm run bench -- TRACE.sqlite [--grow 10]
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { grow } from './grow.mjs';
import { eventsOf, measure } from './measure.mjs';

/** Reports and rules under the names of nsys 2022 and of nsys 2023 and later; the ones that this nsys knows are run. */
const REPORTS = [
  ['gpukernsum', 'cuda_gpu_kern_sum'],
  ['cudaapisum', 'cuda_api_sum'],
  ['kernexecsum', 'cuda_kern_exec_sum'],
  ['nvtxgpuproj', 'nvtx_gpu_proj_sum'],
];
const RULES = [
  ['gpu-starv', 'gpu_gaps'],
  ['gpu-low-util', 'gpu_time_util'],
  ['cuda-sync-api', 'cuda_api_sync'],
  ['cuda-async-memcpy', 'cuda_memcpy_async'],
];
const LIMIT_S = 60;
const MAIN = new URL('../dist/cli/main.js', import.meta.url).pathname;

const [trace] = process.argv.slice(2).filter(a => !a.startsWith('--'));
const at = process.argv.indexOf('--grow');
const times = at < 0 ? 0 : Number(process.argv[at + 1] ?? 10);
if (trace === undefined) {
  console.error('usage: npm run bench -- TRACE.sqlite [--grow 10]');
  process.exit(2);
}
const work = mkdtempSync(join(tmpdir(), 'forensics-bench-'));
const show = (what, r) =>
  console.log(
    `${what.padEnd(44)} ${r.seconds.toFixed(1).padStart(7)} s ${Math.round(r.mib).toString().padStart(6)} MiB${r.cut ? '  (stopped at the limit)' : r.ok ? '' : '  (failed)'}`,
  );

try {
  const file = join(work, 'trace.sqlite');
  const { copyFileSync } = await import('node:fs');
  copyFileSync(trace, file);
  const n = eventsOf(file);
  console.log(`${n.toLocaleString('en-US')} events`);
  const runs = [];
  for (let i = 0; i < 3; i++)
    runs.push(await measure(process.execPath, [MAIN, 'analyze', file, '--force', '--out', join(work, 'report')], 600));
  const ours = runs.toSorted((a, b) => a.seconds - b.seconds)[1];
  show('forensics analyze (median of 3)', ours);
  let theirs = 0;
  for (const [sub, flag, list] of [
    ['stats', '--report', REPORTS],
    ['analyze', '--rule', RULES],
  ])
    for (const names of list) {
      let result;
      for (const name of names) {
        result = await measure(
          'nsys',
          [sub, '--force-export=false', '--format', 'csv', '--output', join(work, name), flag, name, file],
          LIMIT_S,
        );
        if (result.ok || result.cut) {
          show(`nsys ${sub} ${name}`, result);
          break;
        }
      }
      if (!result.ok && !result.cut) show(`nsys ${sub} ${names.join(' or ')}`, result);
      theirs += result.seconds;
    }
  console.log(`nsys together: ${theirs.toFixed(1)} s, ${(theirs / ours.seconds).toFixed(1)} times forensics`);
  if (times > 1) {
    const large = join(work, 'grown.sqlite');
    grow(file, large, times);
    const many = eventsOf(large);
    const result = await measure(process.execPath, [MAIN, 'analyze', large, '--force', '--out', join(work, 'report')], 1800);
    show(`forensics analyze, ${many.toLocaleString('en-US')} events`, result);
    console.log(`time per event: ${(result.seconds / many / (ours.seconds / n)).toFixed(2)} times that of the small trace`);
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
