import { createHash } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { lazily } from '#core/lazily';

/** What a mark looks like, to be found in names: machine, process, and when that began. */
export const MARK = '[0-9a-f]{8}-\\d+-\\d+';

/** Machines and containers may share a folder, and each counts its processes for itself. */
const machine = lazily(() => {
  let processes = '';
  try {
    processes = readlinkSync('/proc/self/ns/pid');
  } catch {
    // Systems other than Linux have one count of processes.
  }
  return createHash('sha256').update(`${hostname()} ${processes}`).digest('hex').slice(0, 8);
});

/** When a process began, ticks since the boot (man 5 proc): its number alone may be another's by now. 0 where that is not told, undefined where it is gone. */
function begunOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const [state = '', ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // One that ended, and that nobody has asked about yet, does nothing more.
    return state === 'Z' || state === 'X' ? undefined : (rest[18] ?? '0');
  } catch {
    return isThere(pid) ? '0' : undefined;
  }
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Another user's is there all the same.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Marks what this process makes and means to remove. */
export const ownMark = lazily(() => `${machine()}-${process.pid}-${begunOf(process.pid) ?? '0'}`);

/** Whether the process of a mark is gone. Of those of another machine nothing is known: what they made stays. */
export function isAbandoned(mark: string): boolean {
  const [where, pid, begun] = mark.split('-');
  if (where !== machine() || !new RegExp(`^${MARK}$`).test(mark)) return false;
  return begunOf(Number(pid)) !== begun;
}
