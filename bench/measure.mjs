// What a bench measures: how many events a trace holds, how long a command took, and how much memory its largest process held.
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import Database from 'better-sqlite3';

/** Rows of a trace that are events: of the GPU, of CUDA's calls, of the operating system, of NVTX. */
export function eventsOf(file) {
  const db = new Database(file, { readonly: true });
  const tables = db
    .prepare(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND (name LIKE 'CUPTI_ACTIVITY_KIND_%' OR name IN ('NVTX_EVENTS', 'OSRT_API'))",
    )
    .pluck()
    .all();
  const n = tables.reduce((sum, t) => sum + db.prepare(`SELECT count(*) FROM "${t}"`).pluck().get(), 0);
  db.close();
  return n;
}

/** Pids of a process and all that it started. */
function family(pid) {
  const children = readdirSync('/proc')
    .filter(p => /^\d+$/.test(p))
    .filter(p => {
      try {
        return Number(/\) \S (\d+)/.exec(readFileSync(`/proc/${p}/stat`, 'utf8'))?.[1]) === pid;
      } catch {
        return false;
      }
    });
  return [pid, ...children.flatMap(c => family(Number(c)))];
}

/** @returns { seconds, mib, ok, cut } where `cut` says that the time limit ended it */
export function measure(command, args, limitSeconds) {
  return new Promise(resolve => {
    const begun = performance.now();
    const child = spawn(command, args, { stdio: 'ignore', detached: true });
    let mib = 0;
    let cut = false;
    const timer = setInterval(() => {
      try {
        for (const pid of family(child.pid))
          mib = Math.max(mib, Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024);
      } catch {
        // The process ended between listing and reading.
      }
      if (performance.now() - begun > limitSeconds * 1000) {
        cut = true;
        process.kill(-child.pid, 'SIGKILL');
      }
    }, 100);
    child.on('error', () => resolve({ seconds: 0, mib: 0, ok: false, cut: false }));
    child.on('exit', code => {
      clearInterval(timer);
      resolve({ seconds: (performance.now() - begun) / 1000, mib, ok: code === 0, cut });
    });
  });
}
