import { randomExponential, randomLcg, randomNormal } from 'd3-random';
import { percentile } from '../src/core/math/percentiles.ts';
import { compareRuns } from '../src/decide/compare/compare-runs.ts';
import { latencyFigure, namedFigure } from '../src/decide/metrics/figures.ts';
import type { ChangeVerdict } from '../src/schema/comparison.ts';
import type { Run } from '../src/schema/run.ts';

/** How latencies of a pretended server spread. */
export const SCENARIOS = {
  /** Independent, log-normal. */
  independent: { memory: 0, tail: 0, drift: 0 },
  /** A slow request follows a slow one: first-order autoregression of the logarithms, 0.95 from one to the next. */
  autocorrelated: { memory: 0.95, tail: 0, drift: 0 },
  /** One request of twenty has a Pareto tail with index 1.5, which has no variance. */
  'heavy-tailed': { memory: 0, tail: 0.05, drift: 0 },
  /** The machine gets slower by a percent from each run to the next; the sides run in turn. */
  drifting: { memory: 0, tail: 0, drift: 0.01 },
} as const;
export type Scenario = keyof typeof SCENARIOS;

export interface Draws {
  readonly scenario: Scenario;
  readonly draws: number;
  readonly runs: number;
  readonly requests: number;
  readonly isPaired: boolean;
  /** By what the latencies of the candidate are multiplied. */
  readonly factor?: number;
  readonly seed?: number;
}

/** By how much a server is slower or faster from one run to the next, as a standard deviation of the logarithm: 2 %. */
const BETWEEN_RUNS = 0.02;
/** Of a request within a run. */
const WITHIN_RUN = 0.4;
const TAIL_INDEX = 1.5;

const source = (seed: number) => {
  const random = randomLcg(seed);
  return { normal: randomNormal.source(random)(0, 1), uniform: random, exponential: randomExponential.source(random)(TAIL_INDEX) };
};
type Chance = ReturnType<typeof source>;

function drawRun(chance: Chance, { scenario, requests }: Draws, slot: number, factor: number): Run {
  const { memory, tail, drift } = SCENARIOS[scenario];
  const level = Math.exp(BETWEEN_RUNS * chance.normal() + drift * slot) * factor;
  const fresh = Math.sqrt(1 - memory ** 2);
  const [e2e, ttft] = [new Float64Array(requests), new Float64Array(requests)];
  let state = chance.normal();
  let sum = 0;
  for (let i = 0; i < requests; i++) {
    state = memory * state + fresh * chance.normal();
    const slow = tail > 0 && chance.uniform() < tail ? Math.exp(chance.exponential()) : 1;
    const first = 50 * level * Math.exp(WITHIN_RUN * state) * slow;
    const all = first + 400 * level * Math.exp(0.1 * chance.normal());
    ttft[i] = first;
    e2e[i] = all;
    sum += all;
  }
  const figures = [
    latencyFigure('e2e', 0.99, percentile(e2e.sort(), 0.99), requests, ''),
    latencyFigure('ttft', 0.99, percentile(ttft.sort(), 0.99), requests, ''),
    ...namedFigure('tok/s', (1e6 * requests) / sum, '', requests),
  ];
  return {
    ...{ name: `run ${slot}`, inputs: [], time_ns: null, commit: null, figures, settings: {}, causes: null, window_s: null, kernels: null },
    machine: {},
  };
}

/** Shares of the draws: how often the comparison came to each verdict, and how often its noisiest metric did, the p99 of the first token. */
export interface Found {
  readonly whole: Readonly<Record<ChangeVerdict, number>>;
  readonly p99: Readonly<Record<ChangeVerdict, number>>;
}

/** Compares again and again. The sides run in turn, so that pairs lie close together in time. */
export function verdictsOf(draws: Draws): Found {
  const chance = source(draws.seed ?? 1);
  const none = { regression: 0, 'not-evaluable': 0, improvement: 0, equivalent: 0 };
  const [whole, p99] = [{ ...none }, { ...none }];
  for (let k = 0; k < draws.draws; k++) {
    const [base, candidate]: [Run[], Run[]] = [[], []];
    for (let i = 0; i < draws.runs; i++) {
      // ABBA: who goes first changes from pair to pair, so that a drift favours neither.
      const order = i % 2 === 0 ? [base, candidate] : [candidate, base];
      for (const [j, side] of order.entries()) side.push(drawRun(chance, draws, 2 * i + j, side === candidate ? (draws.factor ?? 1) : 1));
    }
    const { verdict, metrics } = compareRuns(base, candidate, { budgets: [], only: [], isPaired: draws.isPaired });
    whole[verdict] += 1 / draws.draws;
    p99[metrics.find(metric => metric.metric === 'ttft p99')?.verdict ?? 'not-evaluable'] += 1 / draws.draws;
  }
  return { whole, p99 };
}
