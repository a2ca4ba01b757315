import { valueAt } from '#core/columns';
import { fitHinge } from '#core/math/hinge';
import { defineHypothesis, part } from '#decide/storage/define';
import { runsOf } from '#decide/storage/experiment';
import { RATIO_REASON, SMALLEST_RATIO } from '#decide/storage/margins';
import { logTails, tailOf } from '#decide/storage/tail';

/** A line takes two, a hinge four; what is left tells the noise. */
const FEWEST_LEVELS = 4;
const FEWEST_RUNS = 8;
const PARAMETERS = 4;

export default defineHypothesis({
  id: 'h2-paging-knee',
  code: 'H2',
  claim: 'Beyond a working set the tail rises sharply.',
  test: 'segmented regression of the logarithm of the tail on the working set: the largest gain of a knee over a straight line, against permuted residuals',
  effect: 'tail at the largest working set over the line from below the knee',
  scale: 'ratio',
  margin: SMALLEST_RATIO,
  margin_reason: RATIO_REASON,
  reading: 'The line turns at the knee; the shade is its 95 % interval.',
  examine(experiment) {
    const planned = runsOf(experiment, 'h2').filter(run => run.level !== null);
    if (planned.length === 0) return 'not-run';
    const tail = tailOf(planned, 'e2e');
    const tails = logTails(planned, tail);
    const x = tails.map(({ run }) => run.level ?? 0);
    if (new Set(x).size < FEWEST_LEVELS) return tails.length < planned.length ? 'lost-requests' : 'few-levels';
    if (tails.length < FEWEST_RUNS) return 'few-runs';
    const hinge = fitHinge(
      x,
      tails.map(({ log }) => log),
    );
    if (hinge === undefined) return 'few-runs';
    const { knee, kneeInterval, intercept, slope, turn, rise, p } = hinge;
    const at = (level: number) => Math.exp(intercept + slope * level + turn * Math.max(0, level - knee));
    const ends = [...new Set([Math.min(...x), knee, Math.max(...x)])];
    return {
      ...{ effect: rise, p, freedom: tails.length - PARAMETERS, least_p: 0, runs: tails.length, tail },
      parts: [
        part('knee', experiment.working_set_unit, knee, { low: valueAt(kneeInterval, 0), high: valueAt(kneeInterval, 1) }),
        part('tail at the knee', 'ms', at(knee)),
      ],
      picture: {
        ...{ x: `working set (${experiment.working_set_unit})`, y: 'tail latency (ms)' },
        points: tails.map(({ run, log }) => ({ run: run.id, x: run.level ?? 0, y: Math.exp(log), series: 'run' })),
        lines: ends.map(level => ({ series: 'fit', x: level, y: at(level), low: null, high: null })),
        marks: [{ label: 'knee', x: knee, low: valueAt(kneeInterval, 0), high: valueAt(kneeInterval, 1) }],
      },
    };
  },
});
