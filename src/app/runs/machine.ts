import { kindOf } from '#machine/drift/kinds';
import type { Run } from '#schema/run';
import type { Snapshot } from '#schema/snapshot';
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

const ofSnapshot = ({ facts }: Snapshot): Run['machine'] =>
  Object.fromEntries(
    facts
      // What is another at every moment, as a temperature, is no change of the machine.
      .filter(({ entity, name }) => kindOf(entity, name).nature !== 'gauge')
      .map(({ entity, name, value, unit }) => [`${entity} ${name}`, `${value}${unit === '' ? '' : ` ${unit}`}`]),
  );

/** What a snapshot says of the machine and of the code that ran on it. */
export function machineOf(taken: System | Snapshot): Pick<Run, 'machine' | 'commit'> {
  if (taken.schema === 'forensics.snapshot/1') {
    const commit = taken.facts.find(fact => fact.entity === 'git' && fact.name === 'commit')?.value;
    const { 'git commit': _, ...machine } = ofSnapshot(taken);
    return { machine, commit: commit === undefined ? null : String(commit) };
  }
  const machine: Record<string, string> = {};
  flat(taken, '', machine);
  return { machine, commit: taken.git?.commit ?? null };
}
