import { count, plain } from '#core/format/numbers';
import type { Change } from '#machine/drift/change';
import type { Changes } from '#machine/drift/drift';
import type { Drift, DriftItem } from '#schema/drift';
import type { Snapshot } from '#schema/snapshot';
import { changeWords } from './change-words.ts';
import { SCOPES } from './scopes.ts';

const GPU = /^GPU \d+$/;

/** The same change of several GPUs is one: "GPU 0, GPU 1". */
function grouped(changes: readonly Change[]): readonly Change[] {
  const groups = new Map<string, Change>();
  for (const change of changes) {
    const { kind, severity, entity, name, before, now } = change;
    const key = JSON.stringify([kind, severity, name, before, now, GPU.test(entity) ? 'GPU' : entity]);
    const same = groups.get(key);
    groups.set(key, same === undefined ? change : { ...same, entity: `${same.entity}, ${entity}` });
  }
  return [...groups.values()];
}

const told = (value: Change['before'], unit: string): string =>
  value === null ? 'none' : `${typeof value === 'number' ? plain(value) : value}${unit === '' ? '' : ` ${unit}`}`;

/** A change as an item of the list. */
const itemOf = (change: Change): DriftItem => ({
  ...change,
  text: changeWords(change, { before: told(change.before, change.unit), now: told(change.now, change.unit) }),
});

function answerOf(items: readonly DriftItem[]): string {
  const [worst, ...others] = items.filter(i => i.severity !== 'info');
  if (worst === undefined)
    return items.length === 0
      ? 'Nothing changed: the machine is as it was.'
      : `Nothing changed that matters to the speed or health of this machine (${count(items.length, 'other change')}).`;
  const more = others.length === 0 ? '' : ` ${count(others.length, 'more change')} beside it.`;
  return `${worst.text}${more}`;
}

/** How a machine differs from an earlier snapshot, in words, the worst first. */
export function wordDrift({ changes, notCompared }: Changes, before: Snapshot, now: Snapshot): Drift {
  const items = grouped(changes).map(itemOf);
  return {
    schema: 'forensics.drift/1',
    answer: answerOf(items),
    before_ns: before.taken_ns,
    now_ns: now.taken_ns,
    items,
    not_compared: notCompared.map(
      ({ scope, toldBy }) => `${SCOPES[scope] ?? scope}: only the ${toldBy === 'before' ? 'earlier' : 'later'} snapshot tells of it.`,
    ),
  };
}
