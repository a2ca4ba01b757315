import { readdirSync, readFileSync } from 'node:fs';

/**
 * The variable that marks all that a capture starts. A profiler's agents leave their process group, their session and
 * their parent; their environment is the one thing that they keep.
 */
export const SESSION_TAG = 'FORENSICS_CAPTURE';

export interface TaggedProcess {
  readonly pid: number;
  /** The program's name, as the kernel keeps it: 15 bytes at most. */
  readonly name: string;
  readonly argv: readonly string[];
}

const textOf = (pid: number, file: string): string => {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1');
  } catch {
    // It ended between the listing and the reading, or is another user's.
    return '';
  }
};

interface Stat {
  readonly name: string;
  readonly state: string;
  readonly group: number;
  /** Ticks since the boot of this machine. */
  readonly begun: string;
}

/** What /proc/PID/stat says of a process (man 5 proc); the name may hold anything, also brackets. */
function statOf(pid: number): Stat | undefined {
  const stat = textOf(pid, 'stat');
  const end = stat.lastIndexOf(')');
  if (end < 0) return undefined;
  const fields = stat.slice(end + 2).split(' ');
  return { name: stat.slice(stat.indexOf('(') + 1, end), state: fields[0] ?? '', group: Number(fields[2]), begun: fields[19] ?? '' };
}

/** The profiler's own processes, which end by themselves once the workload does, and whose work says nothing of the workload. */
export const isProfiler = ({ name }: Pick<TaggedProcess, 'name'>): boolean => /^(nsys|Qdstrm|nsight)/.test(name);

/** The process group of a process, or undefined when it is gone. */
export const groupOf = (pid: number): number | undefined => statOf(pid)?.group;

/** Names the time since this machine was started. */
export const bootId = (): string => readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();

/** Tells a process from all others that had or will have its number; undefined when it is gone. */
export function identityOf(pid: number): string | undefined {
  const begun = statOf(pid)?.begun;
  return begun === undefined ? undefined : `${bootId()} ${pid} ${begun}`;
}

/** Whether a process runs: one that ended and was not yet collected by its parent (a zombie) does not. */
export function isRunning(pid: number): boolean {
  const stat = statOf(pid);
  return stat !== undefined && stat.state !== 'Z' && stat.state !== 'X';
}

/** All running processes of ours that carry the session tag, whoever their parent is. */
export function taggedProcesses(sessionTag: string): TaggedProcess[] {
  const wanted = `${SESSION_TAG}=${sessionTag}`;
  return readdirSync('/proc').flatMap(entry => {
    const pid = Number(entry);
    if (!Number.isInteger(pid) || pid === process.pid || !textOf(pid, 'environ').split('\0').includes(wanted)) return [];
    const stat = statOf(pid);
    if (stat === undefined || !isRunning(pid)) return [];
    return [{ pid, name: stat.name, argv: textOf(pid, 'cmdline').split('\0').slice(0, -1) }];
  });
}
