import { median } from 'd3-array';
import { itemAt } from '#core/columns';
import { getOrCompute } from '#core/get-or-compute';
import { type Spans, spansOf } from '#core/math/spans';
import type { Ns } from '#core/units';
import type { SampleRow } from '#schema/relation';

/** Counters of requests that lost their place in the KV cache and must be computed again: vLLM preempts them, SGLang retracts them. */
const COUNTERS: ReadonlySet<string> = new Set([
  ...['vllm:num_preemptions_total', 'sglang:num_retracted_requests_total', 'sglang:num_retracted_reqs_total'],
]);

/** Whether a sample counts preempted requests. */
export const countsPreemptions = ({ metric, nature }: Pick<SampleRow, 'metric' | 'nature'>): boolean =>
  nature === 'counter' && COUNTERS.has(metric);

/** One reading of an engine's count of preempted requests; t since the session began. */
export interface PreemptionCount {
  readonly t: Ns;
  /** Which engine, where there are several. */
  readonly entity: string;
  readonly value: number;
}

/** Preempted requests as questions about a stretch of time. */
export interface PreemptionTimeline {
  /** They were counted, often enough to tell which stretch they belong to. */
  readonly known: boolean;
  /** How many requests were preempted in [from, to), as far as two readings tell it so closely. */
  readonly during: (from: Ns, to: Ns) => number;
  /** When it rose, from the reading before to the one that shows it. */
  readonly rose: Spans;
}

/** Below this the readings cannot say how often they come. */
const FEWEST_READINGS = 5;
/** Read less often than once a second, a count cannot be laid to a stall of half a second or less, as most are. */
const SELDOM_NS: Ns = 1e9;
/** Readings twice as far apart as a stretch is long leave as much time outside as inside: beyond that the rise is more likely elsewhere. */
const APART = 2;

/** Lays counts over the trace; those of several engines are added. A count that falls began anew. */
export function preemptionTimeline(counts: Iterable<PreemptionCount>): PreemptionTimeline {
  const byEngine = new Map<string, PreemptionCount[]>();
  for (const c of counts) getOrCompute(byEngine, c.entity, () => []).push(c);
  const rises: { readonly from: Ns; readonly to: Ns; readonly n: number }[] = [];
  const apart: Ns[] = [];
  for (const list of byEngine.values()) {
    list.sort((a, b) => a.t - b.t);
    for (let i = 1; i < list.length; i++) {
      const [a, b] = [itemAt(list, i - 1), itemAt(list, i)];
      apart.push(b.t - a.t);
      if (b.value > a.value) rises.push({ from: a.t, to: b.t, n: b.value - a.value });
    }
  }
  return {
    rose: spansOf(rises.map(r => [r.from, r.to] as const)),
    known: apart.length + 1 >= FEWEST_READINGS && (median(apart) ?? Number.POSITIVE_INFINITY) <= SELDOM_NS,
    during: (from, to) => rises.reduce((n, r) => (r.from < to && r.to > from && r.to - r.from <= APART * (to - from) ? n + r.n : n), 0),
  };
}
