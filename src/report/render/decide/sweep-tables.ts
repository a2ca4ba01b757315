import { change, dollars, percent, plain } from '#core/format/numbers';
import type { Sweep, SweepFigure, SweepPoint } from '#schema/sweep';

/** A table as every form of the report shows it. */
export interface Listing {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

const NONE = '–';
const SLO = { holds: 'holds', fails: 'fails', 'not-measured': 'not measured' } as const;
const FAILURE = { 'no-start': 'no start', 'requests-failed': 'requests failed', preempted: 'preempted' } as const;
const VERDICT = { gain: 'gain', loss: 'loss', noise: 'noise', 'not-evaluable': 'not evaluable' } as const;

const figureText = (figure: SweepFigure | undefined): string => {
  if (figure === undefined) return NONE;
  const [low, high] = figure.ci ?? [null, null];
  return figure.ci === null
    ? plain(figure.mean)
    : `${plain(figure.mean)} (${low === null ? '' : plain(low)}–${high === null ? '' : plain(high)})`;
};

/** Metrics that a reader wants beside throughput, where they were measured. */
const SHOWN = ['req/s', 'good req/s', 'e2e p50', 'e2e p99', 'ttft p50', 'ttft p99', 'tpot p50', 'tok/J', 'mean power', 'ok share'];

/** Each setting with what was measured there. */
function settingsTable(sweep: Sweep): Listing {
  const { over, metric, unit, points, slo, cost } = sweep;
  const of = (point: SweepPoint, name: string) => point.figures.find(figure => figure.metric === name);
  const shown = SHOWN.filter(name => name !== metric && points.some(point => of(point, name) !== undefined));
  const units = new Map(points.flatMap(({ figures }) => figures.map(figure => [figure.metric, figure.unit] as const)));
  const headOf = (name: string) => (units.get(name) === '' || units.get(name) === name ? name : `${name} (${units.get(name)})`);
  const costs = (cost?.rows ?? []).map(row => row.cost);
  const priced = costs.some(own => own !== null);
  const failed = points.some(point => point.failure !== null);
  return {
    title: `Each setting of ${over}`,
    head: [
      over,
      'runs',
      unit === metric ? metric : `${metric} (${unit})`,
      ...shown.map(headOf),
      ...(priced ? ['$/1M tok', '$/hour'] : []),
      ...(slo === null ? [] : ['objective']),
      ...(failed ? ['failure'] : []),
    ],
    rows: points.map((point, i) => [
      point.value,
      String(point.runs),
      figureText(of(point, metric)),
      ...shown.map(name => figureText(of(point, name))),
      ...(priced ? [costs[i]?.usd_per_million_tokens, costs[i]?.usd_per_hour].map(usd => (usd === undefined ? NONE : dollars(usd))) : []),
      ...(point.slo === null ? [] : [`${SLO[point.slo]}${point.slo_failed.length === 0 ? '' : `: ${point.slo_failed.join(', ')}`}`]),
      ...(failed ? [point.failure === null ? '' : FAILURE[point.failure]] : []),
    ]),
  };
}

/** What each step buys. */
const stepsTable = ({ steps, metric }: Sweep): Listing => ({
  title: `What each step buys of ${metric}`,
  head: ['from', 'to', 'times', 'change', '95 % interval', 'a doubling', 'verdict'],
  rows: steps.map(({ from, to, factor, gain, gain_ci, per_doubling, verdict }) => [
    from,
    to,
    factor === null ? NONE : plain(factor),
    change(gain),
    gain_ci === null ? NONE : `${change(gain_ci[0] ?? -1)} to ${gain_ci[1] === null ? 'any' : change(gain_ci[1])}`,
    per_doubling === null ? NONE : change(per_doubling),
    VERDICT[verdict],
  ]),
});

const small = (value: number) => (Math.abs(value) < 0.1 ? value.toPrecision(3) : plain(value));
const ends = (ci: readonly [number | null, number | null] | null) =>
  ci === null ? NONE : `${ci[0] === null ? NONE : small(ci[0])} to ${ci[1] === null ? 'any' : small(ci[1])}`;

/** The fitted law; undefined without one. */
const lawTable = ({ usl, unit }: Sweep): Listing | undefined =>
  usl === null
    ? undefined
    : {
        title: 'Universal scalability law',
        head: ['parameter', 'fit', '95 % interval'],
        rows: [
          [`γ: throughput at 1 (${unit})`, plain(usl.gamma), ends(usl.gamma_ci)],
          ['α: contention', small(usl.alpha), ends(usl.alpha_ci)],
          ['β: coherency', small(usl.beta), ends(usl.beta_ci)],
          ['setting with the most throughput', usl.peak === null ? 'none' : plain(usl.peak), ends(usl.peak_ci)],
        ],
      };

/** What each setting costs, against what APIs ask; undefined without prices. */
function costTable({ cost }: Sweep): Listing | undefined {
  // Why nothing has a cost stands in the answer.
  if (cost?.rows.some(row => row.cost !== null) !== true) return undefined;
  const names = [...new Set(cost.rows.flatMap(row => row.api.map(api => api.name)))];
  return {
    title: 'Cost',
    head: ['setting', '$/1M tok', 'tokens/$', '$/hour', '$/year', ...names.map(name => `share of ${name}`)],
    rows: cost.rows.map(({ run, cost: own, api, reason }) => [
      run,
      own === null ? reason : dollars(own.usd_per_million_tokens),
      own?.tokens_per_usd == null ? NONE : plain(own.tokens_per_usd),
      own === null ? NONE : dollars(own.usd_per_hour),
      own === null ? NONE : dollars(own.usd_per_year),
      ...names.map(name => api.find(one => one.name === name)?.own_share).map(share => (share == null ? NONE : percent(share))),
    ]),
  };
}

/** All tables of a sweep, in the order of the report. */
export const sweepTables = (sweep: Sweep): readonly Listing[] =>
  [settingsTable(sweep), stepsTable(sweep), lawTable(sweep), costTable(sweep)].filter(
    listing => listing !== undefined && listing.rows.length > 0,
  ) as Listing[];
