// Runs an analysis in a process of its own, and says what that took of the processors: on a shared machine the clock on the wall says less.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Told by each process as it ends, all its threads together: a command that reads files works in a child, which is loaded the same way. */
const tellInto = path =>
  `data:text/javascript,${encodeURIComponent(
    "import { isMainThread } from 'node:worker_threads'; import { appendFileSync } from 'node:fs';" +
      "if (isMainThread) process.on('exit', () => { const { user, system } = process.cpuUsage();" +
      `appendFileSync(${JSON.stringify(path)}, (user + system) + '\\n'); });`,
  )}`;

/** @param main the command line's main.js @returns { cpuS, wallS }, both in seconds */
export function cpuTime(main, args) {
  const folder = mkdtempSync(join(tmpdir(), 'forensics-cpu-'));
  const told = join(folder, 'microseconds');
  return new Promise((resolve, reject) => {
    const begun = performance.now();
    const child = spawn(process.execPath, ['--import', tellInto(told), main, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
    let errors = '';
    child.stderr.on('data', data => (errors += data));
    child.on('error', reject);
    child.on('close', code => {
      if (code !== 0) return reject(new Error(`${main} ended with ${code}: ${errors.slice(-500)}`));
      const each = readFileSync(told, 'utf8').trim().split('\n').map(Number);
      resolve({ cpuS: each.reduce((sum, us) => sum + us, 0) / 1e6, wallS: (performance.now() - begun) / 1000 });
    });
  }).finally(() => rmSync(folder, { recursive: true, force: true }));
}

export const medianOf = values => {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
};
