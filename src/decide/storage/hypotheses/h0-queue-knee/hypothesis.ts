import { confidenceOfDifference } from '#core/math/confidence';
import { medianOf } from '#core/math/median';
import { defineHypothesis, part } from '#decide/storage/define';
import { runsOf } from '#decide/storage/experiment';
import { logTails } from '#decide/storage/tail';

/** The typical request, which is the median. */
const TYPICAL = { of: 'e2e', q: 0.5 } as const;
/** Queues dominate where a request waits longer than it is served: twice the latency at the lowest load. */
const DOMINATED = 2;
const FEWEST_LEVELS = 3;

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
    const mean = (level: number) => {
      const rates = planned.filter(run => run.level === level).map(run => run.answers_per_s);
      return rates.reduce((sum, rate) => sum + rate, 0) / rates.length;
    };
    return {
      ...{ effect, p: effect.pAtMost(Math.log(DOMINATED)), least_p: 0, runs: typical.length, tail: TYPICAL },
      freedom: Math.max(1, at(lowest).length + at(highest).length - 2),
      parts: [part('U_work: highest concurrency at which a request waits for less than it is served', 'requests in flight', working)],
      picture: {
        ...{ x: 'requests in flight', y: 'answers a second' },
        points: planned.map(run => ({ run: run.id, x: run.level ?? 0, y: run.answers_per_s, series: 'run' })),
        lines: levels.map(level => ({ series: 'mean', x: level, y: mean(level), low: null, high: null })),
        marks: [{ label: 'U_work', x: working, low: working, high: working }],
      },
    };
  },
});
