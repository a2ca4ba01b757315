import type { Seconds } from '#core/units';
import type { Energy } from '#schema/energy';
import type { RequestRow, RunSummary } from '#schema/relation';

/** Output tokens of the finished requests that count; null where one of them does not say. */
export function tokensOfRequests(rows: readonly RequestRow[], seconds: Seconds, counts: (r: RequestRow) => boolean): Energy['tokens'] {
  const done = rows.filter(r => r.status === 'ok' && counts(r));
  if (done.length === 0 || seconds <= 0 || done.some(r => r.output_tokens === null)) return null;
  const count = done.reduce((sum, r) => sum + (r.output_tokens ?? 0), 0);
  return { which: 'output', count, per_s: count / seconds };
}

/** Tokens a second as a tool told them, output tokens where it tells these. */
export function tokensOfSummary(run: RunSummary | undefined): Energy['tokens'] {
  if (run === undefined) return null;
  const rate = (told: number | null, count: number | null) =>
    told ?? (count === null || run.duration_s === null || run.duration_s <= 0 ? null : count / run.duration_s);
  const output = rate(run.output_tokens_per_s, run.output_tokens);
  if (output !== null) return { which: 'output', count: run.output_tokens, per_s: output };
  return run.total_tokens_per_s === null ? null : { which: 'total', count: null, per_s: run.total_tokens_per_s };
}
