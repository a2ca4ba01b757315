import { confidenceOfSlope, kendallTau } from '#core/math/kendall';
import { medianOf } from '#core/math/median';
import { scaled } from '#core/math/scaled';
import { defineHypothesis, part, partOf } from '#decide/storage/define';
import { runsOf, type StorageRun } from '#decide/storage/experiment';
import { RATIO_REASON, SMALLEST_RATIO } from '#decide/storage/margins';
import { logTails, tailOf } from '#decide/storage/tail';

const FEWEST_LEVELS = 3;
const FEWEST_RUNS = 8;
/** Mean time of a read, ms: 0 where it is known that nothing was read, undefined where it is not known. */
const readMs = ({ figures: { r_await_ms, rps_storage } }: StorageRun): number | undefined =>
  r_await_ms ?? (rps_storage === 0 ? 0 : undefined);
/** That the contention reached the disk has to be shown, not assumed. */
const LEVEL = 0.025;

export default defineHypothesis({
  id: 'h4-read-latency',
  code: 'H4',
  claim: 'The tail grows with the read latency of the disk.',
  test: 'trend of the tail over the measured r_await (Mann–Kendall; slope of Theil and Sen), dose–response over the levels of contention (Jonckheere)',
  effect: 'tail under the heaviest contention over the tail without, by the slope',
  scale: 'ratio',
  margin: SMALLEST_RATIO,
  margin_reason: RATIO_REASON,
  reading: 'Read latency as it was measured in each run; the line has the median slope of all pairs of runs.',
  examine(experiment) {
    const planned = runsOf(experiment, 'h4').filter(run => run.level !== null);
    if (planned.length === 0) return 'not-run';
    const tail = tailOf(planned, 'e2e');
    const tails = logTails(planned, tail);
    const runs = tails.flatMap(({ run, log }) => {
      const wait = readMs(run);
      return wait === undefined ? [] : [{ run, log, wait }];
    });
    if (runs.length < tails.length / 2) return 'no-telemetry';
    const levels = runs.map(({ run }) => run.level ?? 0);
    if (new Set(levels).size < FEWEST_LEVELS) return tails.length < planned.length ? 'lost-requests' : 'few-levels';
    if (runs.length < FEWEST_RUNS) return 'few-runs';
    const waits = runs.map(({ wait }) => wait);
    const logs = runs.map(({ log }) => log);
    const reached = confidenceOfSlope(levels, waits);
    if (reached === undefined || reached.pAtMost(0) > LEVEL) return 'no-change-of-cause';
    const [least, most] = [Math.min(...levels), Math.max(...levels)];
    const typical = (level: number) => medianOf(waits.filter((_, i) => levels[i] === level));
    const slope = confidenceOfSlope(waits, logs);
    const inMs = confidenceOfSlope(
      waits,
      logs.map(log => Math.exp(log)),
    );
    const doses = confidenceOfSlope(levels, logs);
    if (slope === undefined || inMs === undefined || doses === undefined) return 'few-runs';
    const span = typical(most) - typical(least);
    const middle = medianOf(logs.map((log, i) => log - slope.estimate * (waits[i] ?? 0)));
    return {
      ...{ effect: scaled(slope, span), p: slope.pAtMost(0), freedom: runs.length - 2, least_p: 0, runs: runs.length, tail },
      parts: [
        partOf('slope', 'ms a ms of r_await', inMs, value => value),
        part('r_await without contention', 'ms', typical(least)),
        part('r_await under the heaviest', 'ms', typical(most)),
        part('dose–response over the levels', 'tau', kendallTau(levels, logs), { p: doses.pAtMost(0) }),
      ],
      picture: {
        ...{ x: 'r_await (ms)', y: 'tail latency (ms)', marks: [] },
        points: runs.map(({ run, log, wait }) => ({ run: run.id, x: wait, y: Math.exp(log), series: run.arm })),
        lines: [Math.min(...waits), Math.max(...waits)].map(x => ({
          ...{ series: 'fit', x, y: Math.exp(middle + slope.estimate * x), low: null, high: null },
        })),
      },
    };
  },
});
