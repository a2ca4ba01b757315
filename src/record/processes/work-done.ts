import { readFileSync } from 'node:fs';
import { isProfiler, taggedProcesses } from './tagged-processes.ts';

/** Ticks a second of /proc/PID/stat (USER_HZ): 100 on every Linux that Node runs on. */
const TICKS = 100;

const read = (path: string): string => {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
};

/** What the profiler's processes have computed and written so far: user and system time (man 5 proc), and bytes. */
export function workDone(sessionTag: string): { readonly cpuSeconds: number; readonly writtenBytes: number } {
  let ticks = 0;
  let writtenBytes = 0;
  for (const { pid, name } of taggedProcesses(sessionTag)) {
    if (!isProfiler({ name })) continue;
    const stat = read(`/proc/${pid}/stat`);
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    ticks += Number(fields[11] ?? 0) + Number(fields[12] ?? 0);
    writtenBytes += Number(/^wchar: (\d+)$/m.exec(read(`/proc/${pid}/io`))?.[1] ?? 0);
  }
  return { cpuSeconds: ticks / TICKS, writtenBytes };
}
