import { confidenceOfDifference } from '#core/math/confidence';
import { medianOf } from '#core/math/median';
import type { Curves } from '#decide/knees/curves';
import { kneeOverRuns } from '#decide/knees/knee-over-runs';
import { throughputAt } from '#decide/knees/usl';
import { uslOverRuns } from '#decide/knees/usl-over-runs';
import { defineHypothesis, part } from '#decide/storage/define';
import { runsOf, type StorageRun } from '#decide/storage/experiment';
import { logTails } from '#decide/storage/tail';

/** The typical request, which is the median. */
const TYPICAL = { of: 'e2e', q: 0.5 } as const;
/** Queues dominate where a request waits longer than it is served: twice the latency at the lowest load. */
const DOMINATED = 2;
const FEWEST_LEVELS = 3;
const IN_FLIGHT = 'requests in flight';

/** Throughput at each level, of each repeat that has all of them. */
function curvesOf(runs: readonly StorageRun[], settings: readonly number[]): Curves {
  const blocks = [...new Set(runs.map(run => run.block))].map(block =>
    settings.map(level => runs.find(run => run.block === block && run.level === level)?.answers_per_s ?? Number.NaN),
  );
  return { settings, runs: blocks.filter(values => values.every(Number.isFinite)) };
}

const ends = (interval: readonly [number | null, number | null] | undefined) => ({
  low: interval?.[0] ?? null,
  high: interval?.[1] ?? null,
});

export default defineHypothesis({
  id: 'h0-queue-knee',
  code: 'H0',
  claim: 'Within the loads that were tried queues come to dominate.',
  test: 'median latency at the highest concurrency over that at the lowest is above 2 (Welch’s t on logarithms); U_work by Kneedle and the universal scalability law',
  effect: 'median latency at the highest concurrency over that at the lowest',
  scale: 'ratio',
  margin: DOMINATED,
  margin_reason: 'from twice the latency on, a request waits longer than it is served',
  reading: 'Requests a second that each run answered; beyond the knee more in flight brings little more.',
  examine(experiment) {
    const planned = runsOf(experiment, 'h0').filter(run => run.level !== null);
    if (planned.length === 0) return 'not-run';
    const typical = logTails(planned, TYPICAL);
    const levels = [...new Set(typical.map(({ run }) => run.level ?? 0))].sort((a, b) => a - b);
    const [lowest, highest] = [levels[0], levels.at(-1)];
    if (lowest === undefined || highest === undefined || levels.length < FEWEST_LEVELS)
      return typical.length < planned.length ? 'lost-requests' : 'few-levels';
    const at = (level: number) => typical.filter(({ run }) => run.level === level).map(({ log }) => log);
    const effect = confidenceOfDifference(at(lowest), at(highest));
    if (effect === undefined) return 'few-runs';
    const base = medianOf(at(lowest));
    const working = levels.findLast(level => medianOf(at(level)) <= base + Math.log(DOMINATED)) ?? lowest;
    const curves = curvesOf(planned, levels);
    const knee = kneeOverRuns(curves);
    const law = uslOverRuns(curves);
    const fit = law?.fit;
    return {
      ...{ effect, p: effect.pAtMost(Math.log(DOMINATED)), least_p: 0, runs: typical.length, tail: TYPICAL },
      freedom: Math.max(1, at(lowest).length + at(highest).length - 2),
      parts: [
        part('U_work', IN_FLIGHT, knee.knee ?? working, ends(knee.interval)),
        part('knee of throughput (Kneedle)', IN_FLIGHT, knee.knee ?? null, ends(knee.interval)),
        part('most throughput (universal scalability law)', IN_FLIGHT, law?.peak ?? null, ends(law?.intervals?.peak)),
        part('contention of that law', '', fit?.alpha ?? null, ends(law?.intervals?.alpha)),
        part('coherency of that law', '', fit?.beta ?? null, ends(law?.intervals?.beta)),
        part('most at which a request waits no longer than it is served', IN_FLIGHT, working),
      ],
      picture: {
        ...{ x: IN_FLIGHT, y: 'answers a second' },
        points: planned.map(run => ({ run: run.id, x: run.level ?? 0, y: run.answers_per_s, series: 'run' })),
        lines: fit === undefined ? [] : levels.map(x => ({ series: 'law', x, y: throughputAt(fit, x), low: null, high: null })),
        marks: [{ label: 'U_work', x: knee.knee ?? working, low: knee.interval?.[0] ?? working, high: knee.interval?.[1] ?? working }],
      },
    };
  },
});
