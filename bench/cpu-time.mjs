// Runs an analysis in a process of its own, and says what that took of the processors: on a shared machine the clock on the wall says less.
import { spawn } from 'node:child_process';

/** Told by the process itself as it ends, all its threads together. */
const TELL = `data:text/javascript,${encodeURIComponent(
  "import { isMainThread } from 'node:worker_threads'; import { writeSync } from 'node:fs';" +
    "if (isMainThread) process.on('exit', () => { const { user, system } = process.cpuUsage(); writeSync(3, String(user + system)); });",
)}`;

/** @param main the command line's main.js @returns { cpuS, wallS }, both in seconds */
export function cpuTime(main, args) {
  return new Promise((resolve, reject) => {
    const begun = performance.now();
    const child = spawn(process.execPath, ['--import', TELL, main, ...args], { stdio: ['ignore', 'ignore', 'pipe', 'pipe'] });
    let told = '';
    let errors = '';
    child.stdio[3].on('data', data => (told += data));
    child.stderr.on('data', data => (errors += data));
    child.on('error', reject);
    child.on('close', code => {
      if (code === 0 && told !== '') resolve({ cpuS: Number(told) / 1e6, wallS: (performance.now() - begun) / 1000 });
      else reject(new Error(`${main} ended with ${code}: ${errors.slice(-500)}`));
    });
  });
}

export const medianOf = values => {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
};
