import { getOrCompute } from '#core/get-or-compute';
import type { Ms } from '#core/units';
import type { FlightRecord, RecordedCall } from '#schema/flight-record';

/** A collective that cannot end, and why. Ranks are as the job numbers them. */
export interface StuckCollective {
  readonly group: string;
  readonly purpose: string;
  readonly sequence: number;
  /** What those who came called; where they called several things, the first rank's. */
  readonly name: string;
  readonly why: 'not-entered' | 'mismatch' | 'not-finished';
  /** Ranks that called it. */
  readonly entered: readonly number[];
  /** Ranks of the group that did not, by their own dumps. */
  readonly missing: readonly number[];
  /** Ranks of the group of which no dump was given. */
  readonly unknown: readonly number[];
  /** What was called, and by whom, where that differs: name, sizes and types as a text for each. */
  readonly calls: readonly { readonly what: string; readonly ranks: readonly number[] }[];
  /** Where in the program those who came called it. */
  readonly where: string | undefined;
  /** What each missing rank last called on this group, and what else it waits in. */
  readonly elsewhere: readonly {
    readonly rank: number;
    readonly last: RecordedCall | undefined;
    readonly waitsIn: RecordedCall | undefined;
  }[];
}

/** A send or receive whose other side did not come. */
export interface LoneTransfer {
  readonly rank: number;
  readonly peer: number;
  readonly name: string;
  readonly posted: number;
  /** How many the other side posted. */
  readonly answered: number;
  readonly where: string | undefined;
}

/** A rank that came last to collectives that were finished, by the clocks of the ranks' hosts. */
export interface LateRank {
  readonly rank: number;
  /** To how many it came last by more than clocks of hosts disagree, and of how many. */
  readonly late: number;
  readonly of: number;
  /** The most by which it came after the first. */
  readonly worst_ms: Ms;
  readonly worst: RecordedCall;
}

/** What dumps of a job's ranks say together. */
export interface FlightJudgement {
  readonly ranks: readonly number[];
  /** Ranks that the groups have, and of which no dump was given. */
  readonly absent: readonly number[];
  /** The likeliest to be the cause first: one whose missing ranks wait in no other collective, then the earliest. */
  readonly stuck: readonly StuckCollective[];
  readonly lone: readonly LoneTransfer[];
  /** The latest first. */
  readonly late: readonly LateRank[];
  /** Ranks whose recorder had already forgotten its first calls. */
  readonly forgotten: readonly number[];
}

/** Clocks of hosts under NTP agree to a few ms (RFC 5905 §1). */
const LEAST_LATE_MS: Ms = 10;

/** Collectives whose ranks may each give another size, by their design. */
const UNEVEN = /all_?to_?all|scatter$|gather$|_v\b|coalesced|^send|^recv/;

const sizesOf = (call: RecordedCall) => (UNEVEN.test(call.name) ? '' : JSON.stringify([call.inputs, call.outputs]));
/** What has to be the same on all ranks of a collective. */
const signature = (calls: readonly RecordedCall[]): string => calls.map(c => [c.name, sizesOf(c), ...c.types].join(' ')).join('; ');

/** Collectives of one rank and one group, by their number; of a coalesced one several calls. */
function collectivesOf({ calls }: FlightRecord): Map<string, Map<number, RecordedCall[]>> {
  const groups = new Map<string, Map<number, RecordedCall[]>>();
  for (const call of calls) {
    if (call.peer !== undefined) continue;
    const key = `${call.group} ${call.ranks.join(',')}`;
    const own = getOrCompute(groups, key, () => new Map<number, RecordedCall[]>());
    getOrCompute(own, call.sequence, () => [] as RecordedCall[]).push(call);
  }
  return groups;
}

type OfRanks = ReadonlyMap<number, ReadonlyMap<number, readonly RecordedCall[]>>;

/** The first collective of a group that did not come off; undefined where all did. */
function firstStuck(group: OfRanks, records: ReadonlyMap<number, FlightRecord>): StuckCollective | undefined {
  const sequences = [...new Set([...group.values()].flatMap(own => [...own.keys()]))].sort((a, b) => a - b);
  for (const sequence of sequences) {
    const entered = [...group].flatMap(([rank, own]) => (own.has(sequence) ? [rank] : [])).sort((a, b) => a - b);
    const [first = 0] = entered;
    const [call] = group.get(first)?.get(sequence) ?? [];
    if (call === undefined) continue;
    const given = call.ranks.filter(r => records.has(r));
    // A rank that has called later ones has called this one, and has forgotten it.
    const missing = given.filter(r => !entered.includes(r) && !hasLater(group.get(r), sequence));
    const unknown = call.ranks.filter(r => !records.has(r));
    const calls = differing(group, entered, sequence);
    const isOpen = entered.some(r =>
      group
        .get(r)
        ?.get(sequence)
        ?.some(c => c.state !== 'completed'),
    );
    const why = calls.length > 1 ? 'mismatch' : missing.length > 0 ? 'not-entered' : isOpen ? 'not-finished' : undefined;
    if (why === undefined) continue;
    const elsewhere = missing.map(rank => ({ rank, last: lastOf(group.get(rank)), waitsIn: openOf(records.get(rank), call) }));
    const { group: name, purpose } = call;
    return { group: name, purpose, sequence, name: call.name, why, entered, missing, unknown, calls, where: call.where, elsewhere };
  }
  return undefined;
}

const hasLater = (own: ReadonlyMap<number, unknown> | undefined, sequence: number): boolean =>
  [...(own?.keys() ?? [])].some(s => s > sequence);

const lastOf = (own: ReadonlyMap<number, readonly RecordedCall[]> | undefined): RecordedCall | undefined =>
  own?.get(Math.max(...own.keys()))?.at(-1);

/** What a rank waits in on another group. */
const openOf = (record: FlightRecord | undefined, than: RecordedCall): RecordedCall | undefined =>
  record?.calls.find(c => c.state !== 'completed' && (c.group !== than.group || c.ranks.join() !== than.ranks.join()));

/** What was called under one number, where it is not the same on all ranks. */
function differing(group: OfRanks, ranks: readonly number[], sequence: number): StuckCollective['calls'] {
  const by = new Map<string, number[]>();
  for (const rank of ranks) getOrCompute(by, signature(group.get(rank)?.get(sequence) ?? []), () => [] as number[]).push(rank);
  return [...by].map(([what, some]) => ({ what, ranks: some }));
}

/** Ranks that came last to finished collectives of a group, by when they called them. */
function lateRanks(group: OfRanks): LateRank[] {
  const sequences = new Set([...group.values()].flatMap(own => [...own.keys()]));
  const found = new Map<number, { late: number; worst_ms: Ms; worst: RecordedCall }>();
  let of = 0;
  for (const sequence of sequences) {
    const calls = [...group].flatMap(([rank, own]) => (own.get(sequence) ?? []).slice(0, 1).map(call => ({ rank, call })));
    if (calls.length < 2 || calls.some(({ call }) => call.state !== 'completed')) continue;
    of += 1;
    calls.sort((a, b) => (a.call.called < b.call.called ? -1 : 1));
    const [first, last] = [calls[0], calls.at(-1)];
    const ms = Number((last?.call.called ?? 0n) - (first?.call.called ?? 0n)) / 1e6;
    if (last === undefined || ms < LEAST_LATE_MS) continue;
    const known = found.get(last.rank) ?? { late: 0, worst_ms: 0, worst: last.call };
    found.set(
      last.rank,
      ms > known.worst_ms ? { late: known.late + 1, worst_ms: ms, worst: last.call } : { ...known, late: known.late + 1 },
    );
  }
  return [...found].map(([rank, known]) => ({ rank, of, ...known }));
}

/** Sends and receives of pairs whose numbers differ, where both sides remember all of theirs. */
function loneTransfers(records: readonly FlightRecord[]): LoneTransfer[] {
  const whole = new Map(records.filter(r => r.isWhole).map(r => [r.rank, r]));
  const between = (rank: number, peer: number, name: string) =>
    whole.get(rank)?.calls.filter(c => c.peer === peer && c.name === name) ?? [];
  return [...whole.values()].flatMap(({ rank, calls }) => {
    const kinds = new Set(calls.flatMap(c => (c.peer === undefined || !whole.has(c.peer) ? [] : [`${c.name} ${c.peer}`])));
    return [...kinds].flatMap(kind => {
      const [name = '', to] = kind.split(' ');
      const peer = Number(to);
      const own = between(rank, peer, name);
      const answered = between(peer, rank, name === 'send' ? 'recv' : 'send').length;
      return own.length > answered ? [{ rank, peer, name, posted: own.length, answered, where: own[answered]?.where }] : [];
    });
  });
}

/**
 * Finds, from dumps of PyTorch's flight recorder, which collective a job hangs in and who keeps it there: ranks that did not call it, or called something
 * else. Within a group collectives have numbers that are the same on all ranks.
 */
export function judgeFlight(records: readonly FlightRecord[]): FlightJudgement {
  const byRank = new Map(records.map(r => [r.rank, r]));
  const groups = new Map<string, Map<number, ReadonlyMap<number, readonly RecordedCall[]>>>();
  for (const record of records)
    for (const [key, own] of collectivesOf(record))
      getOrCompute(groups, key, () => new Map<number, ReadonlyMap<number, readonly RecordedCall[]>>()).set(record.rank, own);
  const stuck = [...groups.values()].flatMap(group => firstStuck(group, byRank) ?? []);
  const isDerived = (s: StuckCollective) => s.why === 'not-entered' && s.elsewhere.every(e => e.waitsIn !== undefined);
  const weight = { mismatch: 0, 'not-entered': 1, 'not-finished': 2 };
  stuck.sort((a, b) => Number(isDerived(a)) - Number(isDerived(b)) || weight[a.why] - weight[b.why] || a.sequence - b.sequence);
  const members = new Set(records.flatMap(r => r.calls.flatMap(c => c.ranks)));
  return {
    ranks: [...byRank.keys()].sort((a, b) => a - b),
    absent: [...members].filter(r => !byRank.has(r)).sort((a, b) => a - b),
    stuck,
    lone: loneTransfers(records),
    late: [...groups.values()].flatMap(lateRanks).sort((a, b) => b.worst_ms - a.worst_ms),
    forgotten: records.filter(r => !r.isWhole).map(r => r.rank),
  };
}
