import { percentile } from '#core/math/percentiles';
import type { RequestRow } from '#schema/relation';
import type { RunFigure } from '#schema/run';
import { latencyFigure, namedFigure } from './figures.ts';

const QUANTILES = [0.5, 0.9, 0.95, 0.99];
const MS_PER_S = 1000;

/** From when a request counts: from its intended start where all have one, so that a late send is not left out (coordinated omission). */
const startOf = (rows: readonly RequestRow[]): ((row: RequestRow) => number) =>
  rows.every(row => row.intended_ms !== null) ? row => row.intended_ms ?? row.arrival_ms : row => row.arrival_ms;

const sorted = (values: readonly (number | null)[]): Float64Array =>
  Float64Array.from(values.filter(value => value !== null && Number.isFinite(value) && value >= 0) as number[]).sort();

/** Latencies of the requests that came whole, ms, ascending, by metric. */
export function latenciesOf(rows: readonly RequestRow[]): Readonly<Record<'e2e' | 'ttft' | 'tpot', Float64Array>> {
  const start = startOf(rows);
  const done = rows.filter(row => row.status === 'ok' && row.finish_ms !== null);
  return {
    e2e: sorted(done.map(row => (row.finish_ms ?? Number.NaN) - start(row))),
    ttft: sorted(done.map(row => (row.first_token_ms === null ? null : row.first_token_ms - start(row)))),
    // Time per output token: of the tokens after the first.
    tpot: sorted(
      done.map(({ first_token_ms: first, finish_ms: end, output_tokens: tokens }) =>
        first === null || end === null || tokens === null || tokens < 2 ? null : (end - first) / (tokens - 1),
      ),
    ),
  };
}

const sumOf = (values: readonly (number | null)[]): number | null =>
  values.reduce<number | null>((sum, value) => (sum === null || value === null ? null : sum + value), 0);

/** The figures of a run from its requests. */
export function figuresOfRequests(rows: readonly RequestRow[]): readonly RunFigure[] {
  const start = startOf(rows);
  const done = rows.filter(row => row.status === 'ok' && row.finish_ms !== null);
  if (done.length === 0) return [];
  const [first, last] = [
    rows.reduce((least, row) => Math.min(least, start(row)), Infinity),
    done.reduce((most, row) => Math.max(most, row.finish_ms ?? most), -Infinity),
  ];
  const seconds = (last - first) / MS_PER_S;
  const [prompt, output] = [sumOf(done.map(row => row.prompt_tokens)), sumOf(done.map(row => row.output_tokens))];
  const over = (amount: number | null, whole: number): number | null => (amount === null || whole <= 0 ? null : amount / whole);
  const latencies = Object.entries(latenciesOf(rows)).flatMap(([of, values]) => {
    if (values.length === 0) return [];
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return [
      latencyFigure(of, 'mean', mean, values.length, ''),
      ...QUANTILES.map(q => latencyFigure(of, q, percentile(values, q), values.length, '')),
    ];
  });
  return [
    ...latencies,
    ...namedFigure('req/s', over(done.length, seconds), '', done.length),
    ...namedFigure('tok/s', over(output, seconds), '', done.length),
    ...namedFigure('ok share', over(done.length, rows.length), '', rows.length),
    ...namedFigure('prompt tok', over(prompt, done.length), '', done.length),
    ...namedFigure('output tok', over(output, done.length), '', done.length),
  ];
}
