import type { Severity } from '#machine/define';
import type { FactRow } from '#schema/relation';
import type { Snapshot } from '#schema/snapshot';
import type { Change } from './change.ts';
import { type DriftKind, KINDS, kindOf, type Value } from './kinds.ts';
import { linkChanges } from './links.ts';
import { sameBoards } from './same-boards.ts';
import { xidChanges } from './xids.ts';

/** What a snapshot knows of, by the first word of its entities and by how its names begin. */
type Scope = string;

/** How a machine differs from what it was. */
export interface Changes {
  /** The worst first. */
  readonly changes: readonly Change[];
  /** What only one of the two tells of. */
  readonly notCompared: readonly { readonly scope: Scope; readonly toldBy: 'before' | 'now' }[];
}

const RANK: Readonly<Record<Severity, number>> = { high: 0, medium: 1, low: 2, info: 3 };
/** Among changes that are equally grave: what is gone comes before what is slower, and that before what was counted. */
const FIRST = ['gpu-gone', 'lost', 'fewer-links', 'way', 'link-speed', 'xid', 'board-replaced'];
const ORDER: readonly string[] = [...FIRST, ...KINDS.map(k => k.kind)];
const placeOf = ({ kind }: Change): number => (ORDER.includes(kind) ? ORDER.indexOf(kind) : ORDER.length);
const LINK_STATE = /^(?:active|speed)$/;

/** Facts that come together: where one of the snapshots has none of them, they are not compared. */
function scopeOf({ entity, name }: Pick<FactRow, 'entity' | 'name'>): Scope {
  if (/^GPU \d+ link \d+$/.test(entity)) return LINK_STATE.test(name) ? 'links' : 'link-counters';
  if (/^(?:GPU|NIC) \d+-/.test(entity)) return 'topology';
  if (/^(?:GPU|NIC) \d+$/.test(entity)) return /affinity$|numa_id$/.test(name) ? 'topology' : /nvlink/.test(name) ? 'links' : 'gpus';
  return entity === 'machine' && name !== 'confidential_compute' ? 'gpus' : entity === 'machine' ? name : entity;
}

/** What means something by not being there; other facts come and go with drivers. */
const MEANS_BY_ABSENCE = /^(?:GPU \d+ (?:error|gpu_recovery_action|fabric\.health\..*)|container (?:cpu_quota|memory_max))$/;

/** Which variables are known to be unset where they have no fact: all, where the host was looked at; NCCL's, where NCCL told which it read. */
function knownVariables({ facts }: Snapshot): RegExp | undefined {
  if (facts.some(f => f.entity === 'host')) return /^environment /;
  return facts.some(f => f.entity === 'NCCL' && f.name === 'ranks') ? /^environment NCCL_/ : undefined;
}

/** How grave it is that something is there now, or is there no more. */
function severityOfPresence({ nature, severity, better = 'info', good }: DriftKind, is: FactRow | undefined): Severity | undefined {
  if (is !== undefined) return good?.test(String(is.value)) === true ? undefined : severity;
  return nature === 'amount' ? better : good === undefined ? severity : 'low';
}

function changeOf(entity: string, name: string, was: FactRow | undefined, is: FactRow | undefined): Change | undefined {
  const how = kindOf(entity, name);
  const { kind, nature, severity, better = 'info', good } = how;
  const told = { kind, entity, name, before: was?.value ?? null, now: is?.value ?? null, unit: is?.unit ?? was?.unit ?? '' };
  if (nature === 'gauge' || was?.value === is?.value) return undefined;
  if (was === undefined || is === undefined) {
    const grave = severityOfPresence(how, is);
    return grave === undefined ? undefined : { ...told, severity: grave };
  }
  if (good?.test(String(is.value)) === true) return { ...told, severity: 'low' };
  if (typeof was.value !== 'number' || typeof is.value !== 'number') return { ...told, severity };
  if (nature === 'counter') {
    // A counter that fell began anew: the driver was loaded again, and what it counts now is new.
    const rose = is.value >= was.value ? is.value - was.value : is.value;
    return rose === 0 ? undefined : { ...told, severity };
  }
  return { ...told, severity: nature === 'amount' && is.value > was.value ? better : severity };
}

const keyed = (facts: readonly FactRow[]): ReadonlyMap<string, FactRow> => new Map(facts.map(f => [`${f.entity}\n${f.name}`, f]));

function boardChanges({ gone, added, replaced, renumbered }: ReturnType<typeof sameBoards>): readonly Change[] {
  const of = (kind: string, severity: Severity, gpu: number, before: Value | null, now: Value | null): Change => ({
    ...{ kind, severity, entity: `GPU ${gpu}`, name: 'board', before, now, unit: '' },
  });
  return [
    ...gone.map(gpu => of('gpu-gone', 'high', gpu, gpu, null)),
    ...replaced.map(gpu => of('board-replaced', 'medium', gpu, gpu, gpu)),
    ...added.map(gpu => of('gpu-added', 'low', gpu, null, gpu)),
    ...renumbered.map(({ from, to }) => of('renumbered', 'low', to, from, to)),
  ];
}

/** How a machine differs from an earlier snapshot of it. Counters are compared as counters, readings of a moment not at all. */
export function driftOf(before: Snapshot, now: Snapshot): Changes {
  const boards = sameBoards(before.facts, now.facts);
  const [was, is] = [keyed(boards.before), keyed(now.facts)];
  const [oldScopes, scopes] = [new Set(before.facts.map(scopeOf)), new Set(now.facts.map(scopeOf))];
  const both = (scope: Scope) => oldScopes.has(scope) && scopes.has(scope);
  const variables = [before, now].map(knownVariables);
  // The counters of another board count something else.
  const others = new Set(boards.replaced.map(gpu => `GPU ${gpu}`));
  const isAnother = (entity: string) => others.has(/^GPU \d+/.exec(entity)?.[0] ?? '');
  const changes = [...new Set([...was.keys(), ...is.keys()])].flatMap(key => {
    const [entity = '', name = ''] = key.split('\n');
    const scope = scopeOf({ entity, name });
    // Boards, links and ways are told as such.
    const isDone =
      (scope === 'links' && LINK_STATE.test(name)) || (scope === 'topology' && name === 'link') || /^(?:uuid|serial)_hash$/.test(name);
    if (isDone) return [];
    const [old, present] = [was.get(key), is.get(key)];
    if (kindOf(entity, name).nature === 'counter' && isAnother(entity)) return [];
    const isOneSided = old === undefined || present === undefined;
    const called = `${entity} ${name}`;
    const means = scope === 'environment' ? variables.every(v => v?.test(called)) : both(scope) && MEANS_BY_ABSENCE.test(called);
    if (isOneSided ? !means : !both(scope)) return [];
    return changeOf(entity, name, old, present) ?? [];
  });
  const hasHost = both('host');
  const isMissed = (s: Scope) => s !== 'kernel log' && !(s === 'environment' && hasHost);
  const notCompared = [
    ...[...oldScopes].filter(s => !scopes.has(s) && isMissed(s)).map(scope => ({ scope, toldBy: 'before' as const })),
    ...[...scopes].filter(s => !oldScopes.has(s) && isMissed(s)).map(scope => ({ scope, toldBy: 'now' as const })),
  ];
  return {
    changes: [
      ...(both('gpus') ? boardChanges(boards) : []),
      ...linkChanges(boards.before, now.facts),
      ...xidChanges(before.xids, now.xids),
      ...changes,
    ].toSorted((a, b) => RANK[a.severity] - RANK[b.severity] || placeOf(a) - placeOf(b)),
    notCompared,
  };
}
