import { realAt, valueAt } from '#core/columns';
import { getOrCompute } from '#core/get-or-compute';
import { upperBound } from '#core/math/spans';
import type { Ns, Share } from '#core/units';
import { FEWEST_STEPS } from './limits.ts';
import { ALIKE, type RankSteps, regularity, stepsFrom } from './step-cuts.ts';
import type { TrainingRank, TrainingSource } from './training-rank.ts';

/** A name without what counts: steps are called `step 1`, `step 2`. */
const withoutNumbers = (name: string): string => name.replace(/\d+/g, '#');
/** What a reader is shown of such a name: all but the number that counts. */
const labelOf = (name: string): string => name.replace(/[\s:_=#-]*#\D*$/, '').trim() || name;

/** Ranges of one name that do not nest in one another, in order. */
interface Repeated {
  readonly start: Ns[];
  readonly end: Ns[];
}

/** A step's range holds nearly all that its rank launches; a layer's, a pass's or a collective's does not. */
const COVERED: Share = 0.9;
/** Names by which ranges of a trace are sorted, at most: autograd gives every operation of its own a name. */
const NAMES = 4000;
const ALL = 1_000_000_000;

/** The ranges of each process of a source that repeat, by name. */
function repeatedOf({ source }: TrainingSource): Map<number, Map<string, Repeated>> {
  const answer = source.ask('nvtx_time', { top: ALL });
  const out = new Map<number, Map<string, Repeated>>();
  if (!answer.ok) return out;
  for (const r of answer.rows.toSorted((a, b) => a.start_ns - b.start_ns || b.dur_ns - a.dur_ns)) {
    if (r.name === null) continue;
    const names = getOrCompute(out, r.pid, () => new Map<string, Repeated>());
    const name = withoutNumbers(r.name);
    if (!names.has(name) && names.size >= NAMES) continue;
    const list = getOrCompute(names, name, (): Repeated => ({ start: [], end: [] }));
    if (r.start_ns < (list.end.at(-1) ?? Number.NEGATIVE_INFINITY)) continue;
    list.start.push(r.start_ns);
    list.end.push(r.start_ns + r.dur_ns);
  }
  return out;
}

/** Launches that are looked at before all of them are: most names hold too few of them, and there may be thousands of names. */
const SAMPLED = 2000;

/** Share of a rank's launches, of a sample of them, that lie in some ranges. */
function coveredShare(launched: Float64Array, ranges: Repeated): Share {
  const every = Math.max(1, Math.floor(launched.length / SAMPLED));
  let [known, inside] = [0, 0];
  for (let k = 0; k < launched.length; k += every) {
    const at = realAt(launched, k);
    if (Number.isNaN(at)) continue;
    known++;
    const r = upperBound(ranges.start, at) - 1;
    if (r >= 0 && at < valueAt(ranges.end, r)) inside++;
  }
  return known === 0 ? 0 : inside / known;
}

/** What a rank launched in each of some ranges: steps that end with the last of it; undefined where the ranges leave out more than a little. */
function stepsIn(source: TrainingSource, rank: TrainingRank, launched: Float64Array, ranges: Repeated): RankSteps | undefined {
  const { ops } = source;
  // A sample may miss the exact share by a little.
  if (coveredShare(launched, ranges) < COVERED - ALIKE) return undefined;
  const ends = new Array<Ns>(ranges.start.length).fill(Number.NEGATIVE_INFINITY);
  let [known, inside, first] = [0, 0, Number.POSITIVE_INFINITY];
  for (const [k, i] of rank.work.entries()) {
    const at = realAt(launched, k);
    if (Number.isNaN(at)) continue;
    known++;
    const r = upperBound(ranges.start, at) - 1;
    if (r < 0) continue;
    // What is launched between two ranges belongs to the one before: its step ends when the next begins.
    if (at < valueAt(ranges.end, r)) inside++;
    ends[r] = Math.max(valueAt(ends, r), realAt(ops.end, i));
    if (r === 0) first = Math.min(first, realAt(ops.start, i));
  }
  if (inside < COVERED * known) return undefined;
  const cuts = ends.filter(e => Number.isFinite(e));
  if (cuts.length < FEWEST_STEPS || !cuts.every((e, k) => k === 0 || e > valueAt(cuts, k - 1))) return undefined;
  return stepsFrom(
    cuts,
    Float64Array.from(rank.work, i => realAt(ops.start, i)),
    first,
  );
}

/** Steps that the program marks itself. */
export interface MarkedSteps {
  readonly mark: string;
  readonly ranks: readonly RankSteps[];
}

/** Steps of a mark are alike where this share of them hold as much work as the middle one. */
const REGULAR: Share = 0.8;

const isSteady = (steps: RankSteps): boolean => regularity(steps) >= REGULAR;
const closeTo = (a: number, b: number): boolean => Math.abs(a - b) <= Math.max(2, ALIKE * b);

/**
 * The ranges of the program that come once a step on every rank and hold nearly all that it launches. Of several the one that comes as often as the
 * optimizer steps, where that is known, else the longest: what lies inside a step is not taken for one.
 * @param expected steps of each rank by its optimizer, where it shows
 */
export function byRanges(
  sources: readonly TrainingSource[],
  ranks: readonly TrainingRank[],
  expected: readonly (number | undefined)[],
): MarkedSteps | undefined {
  const ranges = sources.map(s =>
    s.source.missing('nvtx_range') === undefined ? repeatedOf(s) : new Map<number, Map<string, Repeated>>(),
  );
  const launched = ranks.map(r => r.launched());
  const own = ranks.map(r => {
    const source = sources[r.source];
    const pid = source?.source.pidOf(source.ops.processes[r.process] ?? Number.NaN);
    return (pid === undefined ? undefined : ranges[r.source]?.get(pid)) ?? new Map<string, Repeated>();
  });
  const lengthOf = (r: Repeated) => r.start.reduce((s, t, k) => s + (r.end[k] ?? t) - t, 0) / r.start.length;
  const names = [...(own[0] ?? [])]
    .filter(([name, r]) => r.start.length >= FEWEST_STEPS && own.every(o => (o.get(name)?.start.length ?? 0) >= FEWEST_STEPS))
    .toSorted((a, b) => lengthOf(b[1]) - lengthOf(a[1]));
  for (const [name] of names) {
    const steps = ranks.flatMap((rank, k) => {
      const source = sources[rank.source];
      const list = own[k]?.get(name);
      const found = source && list && stepsIn(source, rank, launched[k] ?? new Float64Array(0), list);
      const wanted = expected[k];
      return found !== undefined && isSteady(found) && (wanted === undefined || closeTo(found.n, wanted)) ? [found] : [];
    });
    if (steps.length === ranks.length) return { mark: labelOf(name), ranks: steps };
  }
  return undefined;
}
