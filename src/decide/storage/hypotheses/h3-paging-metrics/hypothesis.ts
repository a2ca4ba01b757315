import { partialCorrelation } from '#core/math/partial-correlation';
import { defineHypothesis, part, partOf } from '#decide/storage/define';
import { type RunFigures, runsOf } from '#decide/storage/experiment';
import { CORRELATION_REASON, SMALLEST_CORRELATION } from '#decide/storage/margins';
import { logTails, tailOf } from '#decide/storage/tail';

/** What tells paging: of the kernel, and of an engine that reads its cache from the disk by itself. */
const METRICS = [
  ['major faults a second', 'major_faults_per_s'],
  ['pages swapped in a second', 'swap_in_pages_per_s'],
  ['memory pressure (%)', 'psi_mem_some_pct'],
  ['reads of the disk a second', 'rps_storage'],
] as const satisfies readonly (readonly [string, keyof RunFigures])[];
const FEWEST_RUNS = 8;
/** A constant, the working set, and the correlation. */
const PARAMETERS = 3;

export default defineHypothesis({
  id: 'h3-paging-metrics',
  code: 'H3',
  claim: 'Paging rises where the tail rises: the knee of H2 is one of paging.',
  test: 'correlation of paging and tail over the runs of H2, beyond what a straight line in the working set explains in each; the strongest of the counters against that of runs in any other order',
  effect: 'partial correlation of paging and tail',
  scale: 'correlation',
  margin: SMALLEST_CORRELATION,
  margin_reason: CORRELATION_REASON,
  reading: 'What a straight line in the working set leaves of each: points that rise together have the same knee.',
  examine(experiment) {
    const planned = runsOf(experiment, 'h2').filter(run => run.level !== null);
    if (planned.length === 0) return 'not-run';
    const tail = tailOf(planned, 'e2e');
    const tails = logTails(planned, tail);
    if (tails.length < FEWEST_RUNS) return tails.length < planned.length ? 'lost-requests' : 'few-runs';
    const known = METRICS.filter(([, metric]) => tails.every(({ run }) => run.figures[metric] !== null));
    if (known.length === 0) return 'no-telemetry';
    const of = partialCorrelation(
      known.map(([, metric]) => tails.map(({ run }) => run.figures[metric] ?? 0)),
      tails.map(({ log }) => log),
      [tails.map(({ run }) => run.level ?? 0)],
    );
    if (of === undefined) return 'no-change-of-cause';
    const name = known[of.candidate]?.[0] ?? '';
    return {
      ...{ effect: of.z, p: of.p, freedom: tails.length - PARAMETERS, least_p: 0, runs: tails.length, tail },
      parts: [part('counters that were looked at', '', known.length), partOf(name, 'correlation', of.z, Math.tanh, of.p)],
      picture: {
        ...{ x: `${name}, beyond its line`, y: 'tail, logarithm beyond its line', lines: [], marks: [] },
        points: tails.map(({ run }, i) => ({ run: run.id, x: of.x[i] ?? 0, y: of.y[i] ?? 0, series: 'run' })),
      },
    };
  },
});
