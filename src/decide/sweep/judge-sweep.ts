import type { Curves } from '#decide/knees/curves';
import { kneeOverRuns } from '#decide/knees/knee-over-runs';
import { type Interval, uslOverRuns } from '#decide/knees/usl-over-runs';
import type { NoKneeReason, Sweep, SweepPoint } from '#schema/sweep';
import type { Target } from '#schema/targets';
import { failureAt } from './failures.ts';
import { figuresAt, measuredAt, mostMeasured } from './figures.ts';
import { paretoOf } from './pareto.ts';
import type { Setting, Varied } from './settings.ts';
import { heldAt, sloOver } from './slo.ts';
import { stepBetween, stepsOver } from './steps.ts';

/** A sweep without words. */
export type SweepFacts = Omit<Sweep, 'schema' | 'answer' | 'inputs' | 'knee' | 'cost' | 'notes'> & {
  readonly knee: Omit<Sweep['knee'], 'reason'>;
};

/** Throughputs, the one that says most first. */
const THROUGHPUTS = ['tok/s', 'total tok/s', 'req/s'];
/** Latencies of a whole answer come first, and of each the highest percentile. */
const LATENCIES = ['e2e', 'ttft', 'tpot', 'itl'].flatMap(of => ['p99', 'p95', 'p90', 'p50', 'mean'].map(statistic => `${of} ${statistic}`));
/** The law is one of what works at once: it says nothing of what comes a second, or of how long prompts are. */
const AT_ONCE = /concurren|batch|seqs|sequences|in flight|users|slots|gpus|tensor|parallel|\btp\b|replicas|workers/i;

/** The throughput of the settings that have it in as many runs as any other; undefined where settings are words, or too few. */
function curvesOf(settings: readonly Setting[], metric: string): Curves | undefined {
  const measured = settings.map(setting => ({
    number: setting.number ?? Number.NaN,
    values: measuredAt(setting, metric).flatMap(figure => figure?.value ?? []),
  }));
  const known = measured.filter(({ number, values }) => number > 0 && values.length > 0);
  const runs = known.reduce((least, { values }) => Math.min(least, values.length), Number.POSITIVE_INFINITY);
  if (known.length < 3) return undefined;
  return {
    settings: known.map(({ number }) => number),
    runs: Array.from({ length: runs }, (_, k) => known.map(({ values }) => values[k] ?? Number.NaN)),
  };
}

const pair = (interval: Interval | undefined): [number | null, number | null] | null =>
  interval === undefined ? null : [interval[0], interval[1]];

function uslOf(curves: Curves | undefined, over: string): Sweep['usl'] {
  const found = curves === undefined || !AT_ONCE.test(over) ? undefined : uslOverRuns(curves);
  if (found === undefined) return null;
  const { fit, peak, intervals } = found;
  return {
    ...fit,
    peak: peak ?? null,
    ...{
      gamma_ci: pair(intervals?.gamma),
      alpha_ci: pair(intervals?.alpha),
      beta_ci: pair(intervals?.beta),
      peak_ci: pair(intervals?.peak),
    },
  };
}

function kneeOf(curves: Curves | undefined, settings: readonly Setting[]): SweepFacts['knee'] {
  const none = (why: NoKneeReason): SweepFacts['knee'] => ({ at: null, interval: null, why });
  if (settings.some(({ number }) => number === undefined)) return none('words');
  if (curves === undefined) return none(settings.length < 3 ? 'few-settings' : 'not-complete');
  const { knee, interval, why } = kneeOverRuns(curves);
  return { at: knee ?? null, interval: interval === undefined ? null : [interval[0], interval[1]], why: why ?? null };
}

/** The knee, unless what was asked for holds only below it; of words the one that is shown to be best. */
function sweetSpot(
  settings: readonly Setting[],
  points: readonly SweepPoint[],
  facts: Pick<SweepFacts, 'metric' | 'knee' | 'slo' | 'steps'>,
) {
  const best = (value: string) => points.find(point => point.value === value)?.figures.find(({ metric }) => metric === facts.metric)?.mean;
  const most = Math.max(...points.flatMap(({ value }) => best(value) ?? []));
  const index = (value: string | null | undefined) => settings.findIndex(setting => setting.value === value);
  const gained = facts.steps.filter(step => step.verdict === 'gain').toSorted((a, b) => b.gain - a.gain)[0]?.to;
  const knee = settings.findIndex(({ number }) => number !== undefined && number === facts.knee.at);
  const held = facts.slo === null ? undefined : index(facts.slo.highest);
  if (held !== undefined && held < 0) return null;
  const at = facts.knee.why === 'words' ? index(gained) : held === undefined ? knee : knee < 0 ? held : Math.min(knee, held);
  const [spot, next] = [settings[at], settings[at + 1]];
  const throughput = spot === undefined ? undefined : best(spot.value);
  if (spot === undefined || throughput === undefined) return null;
  return {
    ...{ value: spot.value, throughput, share_of_best: throughput / most },
    next: next === undefined || spot.number === undefined ? null : (stepBetween(spot, next, facts.metric) ?? null),
  };
}

/**
 * What a sweep shows: where throughput stops to grow with what is put in, what each step buys beyond noise, up to where an objective holds.
 * @param limits of the service-level objective; none where nothing was asked for
 * @returns undefined where no throughput was measured
 */
export function judgeSweep({ over, settings }: Varied, limits: readonly Target[], limitNames: readonly string[]): SweepFacts | undefined {
  const metric = mostMeasured(settings, THROUGHPUTS);
  if (metric === undefined) return undefined;
  const latency = mostMeasured(settings, LATENCIES) ?? null;
  const points = settings.map(
    (setting): SweepPoint => ({
      ...{ value: setting.value, number: setting.number ?? null, runs: setting.runs.length, figures: [...figuresAt(setting)] },
      ...heldAt(setting, limits),
      ...failureAt(setting),
    }),
  );
  const mean = (point: SweepPoint, name: string | null) => point.figures.find(figure => figure.metric === name)?.mean;
  const curves = curvesOf(settings, metric);
  const knee = kneeOf(curves, settings);
  const slo = sloOver(points, limitNames);
  const steps = [...stepsOver(settings, metric)];
  const failing = points.findIndex(point => point.failure !== null);
  return {
    ...{ over, metric, latency, points, steps, knee, slo },
    unit: points.flatMap(({ figures }) => figures.find(figure => figure.metric === metric)?.unit ?? [])[0] ?? '',
    usl: uslOf(curves, over),
    sweet_spot: sweetSpot(settings, points, { metric, knee, slo, steps }),
    first_failure: points[failing]?.value ?? null,
    largest_whole: points[failing < 0 ? points.length - 1 : failing - 1]?.value ?? null,
    pareto: paretoOf(points.map(point => ({ value: point.value, throughput: mean(point, metric), latency_ms: mean(point, latency) }))),
  };
}
