import type { Run } from '#schema/run';
import type { System } from '#schema/system';

/** What is another in each snapshot of the same machine, or says what the snapshot lacks. */
const OF_THE_MOMENT: ReadonlySet<string> = new Set(['schema', 'taken_ns', 'missing', 'git.commit']);

function flat(value: unknown, way: string, into: Record<string, string>): void {
  if (OF_THE_MOMENT.has(way) || value === null || value === undefined) return;
  if (typeof value !== 'object') {
    into[way] = String(value);
    return;
  }
  for (const [key, inner] of Object.entries(value)) flat(inner, way === '' ? key : `${way}.${key}`, into);
}

/** What a snapshot says of the machine and of the code that ran on it. */
export function machineOf(system: System): Pick<Run, 'machine' | 'commit'> {
  const machine: Record<string, string> = {};
  flat(system, '', machine);
  return { machine, commit: system.git?.commit ?? null };
}
