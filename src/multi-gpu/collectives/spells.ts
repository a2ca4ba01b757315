import { group, sum } from 'd3-array';
import { intAt, realAt, valueAt } from '#core/columns';
import { getOrCompute } from '#core/get-or-compute';
import { medianOf } from '#core/math/median';
import { MAD_TO_SIGMA, OUTLIER_SIGMAS } from '#core/math/normal-range';
import type { Ns } from '#core/units';
import { LEAST_SCATTER_NS, lateSpells } from '#diagnosis/lanes/late-spells';
import { medianOfOthers, type Waits } from './waits.ts';

/** At most this many of a size are sampled for medians. */
const SAMPLED = 5_000;

/** A stretch in which one rank came late again and again. */
export interface LateSpell {
  /** Index into Ranks.ranks. */
  readonly rank: number;
  /** Entries of the others, on the first source's clock. */
  readonly from: Ns;
  readonly to: Ns;
  readonly count: number;
  /** What the others waited for it, by its lateness. */
  readonly late: Ns;
  /** Its collectives, by their index in the waits. */
  readonly indices: readonly number[];
}

/** How the entries of collectives of one size scatter. */
interface Scatter {
  /** Each participant's usual entry, after the median of the others. */
  readonly places: readonly Ns[];
  /** Later than its place by this is beyond the scatter. */
  readonly limit: Ns;
}

/**
 * Finds the spells in which one rank came late again and again, each time by too little to count alone. Collectives are compared with those of
 * about the same size (transfers within a power of two): prompts are launched one kernel at a time, and scatter with the launching threads,
 * where the steps between them run as one graph.
 * @param limit a rank that comes later than this is late by a single collective
 * @param unsure no order is claimed within this error of the clocks
 */
export function findSpells(waits: Waits, limit: Ns, unsure: Ns): readonly LateSpell[] {
  const bySize = new Map<number, number[]>();
  for (let i = 0; i < waits.n; i++) {
    const size = Math.floor(Math.log2(Math.max(1, realAt(waits.transfer, i))));
    getOrCompute(bySize, size, () => [] as number[]).push(i);
  }
  const out: LateSpell[] = [];
  for (const list of bySize.values()) {
    const scatter = scatterOf(waits, list, unsure);
    const beyond = (i: number) => realAt(waits.lateness, i) - Math.max(0, valueAt(scatter.places, intAt(waits.last, i)));
    const short = list.filter(i => beyond(i) > scatter.limit && realAt(waits.lateness, i) <= limit);
    const clock = clockOf(waits, list);
    const entries = short.map(i => ({ at: clock.get(i) ?? 0, who: intAt(waits.last, i), late: beyond(i) }));
    const numbers = lateSpells(entries, waits.ranks.length);
    for (const [number, at] of group(short.keys(), k => numbers[k]))
      if (number !== undefined && number > 0)
        out.push(
          spellOf(
            waits,
            at.map(k => valueAt(short, k)),
          ),
        );
  }
  return out.sort((a, b) => a.from - b.from);
}

/** When each collective of a size began, by a clock that stands still while those of other sizes run: a prompt between two steps ends no spell. */
function clockOf(waits: Waits, list: readonly number[]): ReadonlyMap<number, Ns> {
  const out = new Map<number, Ns>();
  let now = 0;
  for (const [k, i] of list.entries()) {
    if (k > 0 && list[k - 1] === i - 1) now += waits.startOf(0, i) - waits.startOf(0, i - 1);
    out.set(i, now);
  }
  return out;
}

function spellOf(waits: Waits, at: readonly number[]): LateSpell {
  const [first, last] = [valueAt(at, 0), valueAt(at, at.length - 1)];
  const participant = intAt(waits.last, first);
  return {
    rank: valueAt(waits.ranks, participant),
    from: waits.startOf(participant, first) - realAt(waits.lateness, first),
    to: waits.startOf(participant, last),
    count: at.length,
    late: sum(at, i => realAt(waits.lateness, i)),
    indices: at,
  };
}

function scatterOf(waits: Waits, list: readonly number[], unsure: Ns): Scatter {
  const step = Math.max(1, Math.floor(list.length / SAMPLED));
  const some = list.filter((_, k) => k % step === 0);
  const starts = new Float64Array(waits.ranks.length);
  const entries = waits.ranks.map(() => new Float64Array(some.length));
  for (const [k, i] of some.entries()) {
    for (let p = 0; p < starts.length; p++) starts[p] = waits.startOf(p, i);
    for (const [p, own] of entries.entries()) own[k] = realAt(starts, p) - medianOfOthers(starts, p);
  }
  const places = entries.map(medianOf);
  const off = entries.flatMap((own, p) => Array.from(own, e => Math.abs(e - valueAt(places, p))));
  return { places, limit: Math.max(OUTLIER_SIGMAS * MAD_TO_SIGMA * medianOf(off), LEAST_SCATTER_NS, unsure) };
}
