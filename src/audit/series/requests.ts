import { max, mean, min, sum } from 'd3-array';
import type { Statement } from '#audit/statement';
import { valueAt } from '#core/columns';
import { percentile } from '#core/math/percentiles';
import type { RequestRow } from '#schema/relation';
import { tellerOf } from './frame.ts';

const SHARES = [0.5, 0.9, 0.95, 0.99];
const MS = 1000;
const known = (values: readonly (number | null)[]): readonly number[] | null => {
  const there = values.filter(v => v !== null);
  return there.length === values.length ? there : null;
};

/** What the requests of a load test add up to: nothing that is stated, but what statements about the run are held against. */
export function statementsOfRequests(rows: readonly RequestRow[], file: string): Statement[] {
  const { tell, statements } = tellerOf(file, ['requests'], `${rows.length} requests`);
  const done = rows.filter(r => r.status === 'ok' && r.finish_ms !== null);
  tell('sent', rows.length, 'rows');
  tell('completed', done.length, 'rows with status ok');
  tell('failed', rows.filter(r => r.status === 'failed').length, 'rows with status failed');
  const first = min(rows, r => r.intended_ms ?? r.arrival_ms);
  const last = max(done, r => r.finish_ms ?? undefined);
  const seconds = first === undefined || last === undefined ? 0 : (last - first) / MS;
  const input = known(done.map(r => r.prompt_tokens));
  const output = known(done.map(r => r.output_tokens));
  tell('input_tokens', input === null ? null : sum(input), 'prompt_tokens');
  tell('output_tokens', output === null ? null : sum(output), 'output_tokens');
  if (seconds > 0) {
    tell('duration_s', seconds, 'first arrival to last finish');
    tell('requests_per_s', done.length / seconds, 'completed ÷ duration');
    tell('output_tokens_per_s', output === null ? null : sum(output) / seconds, 'output tokens ÷ duration');
  }
  const latency = (metric: string, values: readonly number[]) => {
    const sorted = Float64Array.from(values).sort();
    const n = sorted.length;
    if (n === 0) return;
    const figure = (statistic: string | number, value: number) =>
      tell('latency_ms', value, `${metric} ${statistic}`, { of: metric, statistic, n });
    figure('mean', mean(sorted) ?? Number.NaN);
    figure('min', valueAt(sorted, 0));
    figure('max', valueAt(sorted, n - 1));
    // The file states no percentile; one that its values cannot carry is not made for it.
    for (const q of SHARES) if (n * (1 - q) >= 1) figure(q, percentile(sorted, q));
  };
  latency(
    'e2e',
    done.map(r => (r.finish_ms ?? 0) - r.arrival_ms),
  );
  latency(
    'ttft',
    done.flatMap(r => (r.first_token_ms === null ? [] : [r.first_token_ms - r.arrival_ms])),
  );
  return statements;
}
