import { confidenceOfShift, waysToPart } from '#core/math/shift';
import { defineHypothesis, part } from '#decide/storage/define';
import { runsOf } from '#decide/storage/experiment';
import { RATIO_REASON, SMALLEST_RATIO } from '#decide/storage/margins';
import { logTails, tailOf } from '#decide/storage/tail';

export default defineHypothesis({
  id: 'h6-adapter-storm',
  code: 'H6',
  claim: 'A storm of adapters makes the tail longer than the baseline.',
  test: 'permutation of which runs are called storm, on the mean logarithm of the tail; interval by inversion',
  effect: 'tail of storm runs over that of baseline runs',
  scale: 'ratio',
  margin: SMALLEST_RATIO,
  margin_reason: RATIO_REASON,
  reading: 'A point is a run; the line joins the geometric means.',
  examine(experiment) {
    const planned = runsOf(experiment, 'h6');
    if (planned.length === 0) return 'not-run';
    const tail = tailOf(planned, 'e2e');
    const tails = logTails(planned, tail);
    const of = (arm: string) => tails.filter(({ run }) => run.arm === arm).map(({ log }) => log);
    const [baseline, storm] = [of('baseline'), of('storm')];
    const effect = confidenceOfShift(baseline, storm);
    if (effect === undefined || Math.min(baseline.length, storm.length) < 2)
      return tails.length < planned.length ? 'lost-requests' : 'few-runs';
    const mean = (logs: readonly number[]) => Math.exp(logs.reduce((sum, log) => sum + log, 0) / logs.length);
    return {
      ...{ effect, p: effect.pAtMost(0), freedom: tails.length - 2, least_p: 1 / waysToPart(baseline.length, storm.length) },
      ...{ runs: tails.length, tail },
      parts: [part('baseline', 'ms', mean(baseline)), part('storm', 'ms', mean(storm))],
      picture: {
        ...{ x: 'workload', arms: ['baseline', 'storm'], y: 'tail latency (ms)', marks: [] },
        points: tails.map(({ run, log }) => ({ run: run.id, x: run.arm === 'storm' ? 1 : 0, y: Math.exp(log), series: run.arm })),
        lines: [baseline, storm].map((logs, x) => ({ series: 'mean', x, y: mean(logs), low: null, high: null })),
      },
    };
  },
});
