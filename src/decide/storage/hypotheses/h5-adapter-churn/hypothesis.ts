import { type Confidence, confidenceByT } from '#core/math/confidence';
import { dot } from '#core/math/dot';
import { fitLinear } from '#core/math/linear-model';
import { permutedLevel } from '#core/math/permuted';
import { scaled } from '#core/math/scaled';
import { defineHypothesis, type Part, partOf } from '#decide/storage/define';
import { runsOf, type StorageRun } from '#decide/storage/experiment';
import { RATIO_REASON, SMALLEST_RATIO } from '#decide/storage/margins';
import { logTails, tailOf } from '#decide/storage/tail';

const FEWEST_RUNS = 8;

/** Columns of the two-way model, each about 0, so that each main effect is that at the middle of the other. */
function columnsOf(runs: readonly StorageRun[]) {
  const center = (values: readonly number[]) => {
    const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
    return values.map(v => v - mean);
  };
  const size = center(runs.map(run => Math.log(run.level ?? 1)));
  const churn = center(runs.map(run => (run.session === 'random' ? 1 : 0)));
  return { one: runs.map(() => 1), size, churn, both: size.map((s, i) => s * (churn[i] ?? 0)) };
}

interface Term {
  readonly of: Confidence;
  readonly p: number;
  readonly freedom: number;
}

/**
 * One coefficient of a linear model, with its level: what the others leave of y changes places (Freedman & Lane 1983, J. Bus. Econ. Stat. 1:292).
 */
function term(column: readonly number[], others: readonly (readonly number[])[], y: readonly number[]): Term | undefined {
  const whole = fitLinear([...others, column], y);
  const left = fitLinear(others, y)?.residuals;
  const own = fitLinear(others, column)?.residuals;
  if (whole === undefined || left === undefined || own === undefined) return undefined;
  // Whatever their order, what is left has the same length: along the column it is as large as its ratio of variances.
  const p = permutedLevel(left, moved => dot(own, moved));
  return { of: confidenceByT(whole.coefficients.at(-1) ?? 0, whole.errors.at(-1) ?? 0, whole.freedom), p, freedom: whole.freedom };
}

export default defineHypothesis({
  id: 'h5-adapter-churn',
  code: 'H5',
  claim: 'More adapters in use make the tail longer and the disk busier.',
  test: 'two-way: logarithms of tail and reads a second on the logarithm of the number of adapters, the kind of session, and both together; levels by permuted residuals; both must grow with the adapters',
  effect: 'tail with the most adapters over the tail with the fewest',
  scale: 'ratio',
  margin: SMALLEST_RATIO,
  margin_reason: RATIO_REASON,
  reading: 'A point is a run; a line joins the means of one kind of session.',
  examine(experiment) {
    const planned = runsOf(experiment, 'h5').filter(run => run.level !== null);
    if (planned.length === 0) return 'not-run';
    const tail = tailOf(planned, 'e2e');
    const tails = logTails(planned, tail);
    const runs = tails.map(({ run }) => run);
    const counts = [...new Set(runs.map(run => run.level ?? 1))].sort((a, b) => a - b);
    const [fewest, most] = [counts[0], counts.at(-1)];
    if (fewest === undefined || most === undefined || counts.length < 2)
      return tails.length < planned.length ? 'lost-requests' : 'few-levels';
    if (runs.length < FEWEST_RUNS) return 'few-runs';
    const { one, size, churn, both } = columnsOf(runs);
    const isTwoWay = new Set(runs.map(run => run.session)).size > 1;
    const logs = tails.map(({ log }) => log);
    const main = isTwoWay ? [one, churn, both] : [one];
    const adapters = term(size, main, logs);
    if (adapters === undefined) return 'few-runs';
    const span = Math.log(most / fewest);
    const areRead = runs.every(run => run.figures.rps_storage !== null);
    const reads = areRead
      ? term(
          size,
          main,
          runs.map(run => Math.log1p(run.figures.rps_storage ?? 0)),
        )
      : undefined;
    const more = (name: string, found: Term | undefined, by: number): Part[] =>
      found === undefined ? [] : [partOf(name, 'times', scaled(found.of, by), Math.exp, found.p)];
    const parts = [
      ...more('reads a second, most over fewest adapters', reads, span),
      ...(isTwoWay ? more('tail, random over sticky sessions', term(churn, [one, size, both], logs), 1) : []),
      ...(isTwoWay ? more('growth with adapters, random over sticky sessions', term(both, [one, size, churn], logs), span) : []),
    ];
    const series = [...new Set(runs.map(run => run.session ?? 'sticky'))].sort();
    const mean = (session: string, count: number) => {
      const own = tails.filter(({ run }) => (run.session ?? 'sticky') === session && run.level === count);
      return own.length === 0 ? [] : [Math.exp(own.reduce((sum, { log }) => sum + log, 0) / own.length)];
    };
    return {
      ...{ effect: scaled(adapters.of, span), p: Math.max(adapters.p, reads?.p ?? 0), freedom: adapters.freedom, least_p: 0 },
      ...{ runs: runs.length, tail, parts },
      picture: {
        ...{ x: 'adapters', y: 'tail latency (ms)', marks: [] },
        points: tails.map(({ run, log }) => ({ run: run.id, x: run.level ?? 0, y: Math.exp(log), series: run.session ?? 'sticky' })),
        lines: series.flatMap(session =>
          counts.flatMap(count => mean(session, count).map(y => ({ series: session, x: count, y, low: null, high: null }))),
        ),
      },
    };
  },
});
