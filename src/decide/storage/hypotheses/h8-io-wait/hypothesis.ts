import { confidenceOfSlope } from '#core/math/kendall';
import { partialCorrelation } from '#core/math/partial-correlation';
import { defineHypothesis, partOf } from '#decide/storage/define';
import { runsOf } from '#decide/storage/experiment';
import { CORRELATION_REASON, SMALLEST_CORRELATION } from '#decide/storage/margins';
import { logTails, tailOf } from '#decide/storage/tail';

const FEWEST_RUNS = 8;

export default defineHypothesis({
  id: 'h8-io-wait',
  code: 'H8',
  claim: 'The tail is long where processors wait for the disk, at the same load.',
  test: 'correlation of iowait and tail over all runs, within runs of the same load alone; levels by runs that change places within it',
  effect: 'correlation of iowait and tail at the same load',
  scale: 'correlation',
  margin: SMALLEST_CORRELATION,
  margin_reason: CORRELATION_REASON,
  reading: 'How far each run lies from the mean of the runs with the same load.',
  examine(experiment) {
    const planned = runsOf(experiment, 'h0', 'h2', 'h4', 'h5', 'h6');
    if (planned.length === 0) return 'not-run';
    const tail = tailOf(planned, 'e2e');
    const tails = logTails(planned, tail);
    const known = tails.filter(({ run }) => run.figures.io_wait_pct !== null);
    if (known.length < tails.length / 2) return 'no-telemetry';
    const loadOf = (run: (typeof planned)[number]) => `${run.design} ${run.load}`;
    const alike = (load: string) => known.filter(({ run }) => loadOf(run) === load).length;
    const used = known.filter(({ run }) => alike(loadOf(run)) > 1);
    if (used.length < FEWEST_RUNS) return tails.length < planned.length ? 'lost-requests' : 'few-runs';
    const waits = used.map(({ run }) => run.figures.io_wait_pct ?? 0);
    const strata = used.map(({ run }) => loadOf(run));
    const of = partialCorrelation(
      [waits],
      used.map(({ log }) => log),
      [],
      strata,
    );
    if (of === undefined) return 'no-change-of-cause';
    const slope = confidenceOfSlope([...of.x], [...of.y]);
    return {
      ...{ effect: of.z, p: of.p, freedom: Math.max(1, used.length - new Set(strata).size - 1), least_p: 0, runs: used.length, tail },
      parts: slope === undefined ? [] : [partOf('tail for a point of iowait more', 'times', slope, Math.exp)],
      picture: {
        ...{ x: 'iowait, points beyond the mean of its load', y: 'tail, logarithm beyond the mean of its load', lines: [], marks: [] },
        points: used.map(({ run }, i) => ({ run: run.id, x: of.x[i] ?? 0, y: of.y[i] ?? 0, series: run.design.toUpperCase() })),
      },
    };
  },
});
