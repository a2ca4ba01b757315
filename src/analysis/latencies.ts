import { latencyOf } from '#attribution/percentiles';
import type { RequestRow } from '#model/relation';
import type { Latency } from '#model/report';

const finished = (rows: readonly RequestRow[]) => rows.filter(r => r.status === 'ok' && r.finish_ms !== null);

/** Latencies of finished requests: end to end, time to first token, time per output token after the first, and between tokens. */
export function latencies(rows: readonly RequestRow[]): Latency[] {
  const done = finished(rows);
  const e2e = done.map(r => (r.finish_ms ?? 0) - r.arrival_ms);
  const ttft = done.flatMap(r => (r.first_token_ms === null ? [] : [r.first_token_ms - r.arrival_ms]));
  const tpot = done.flatMap(r =>
    r.first_token_ms === null || r.output_tokens === null || r.output_tokens < 2
      ? []
      : [((r.finish_ms ?? 0) - r.first_token_ms) / (r.output_tokens - 1)],
  );
  const itl = done.flatMap(r => r.itl_ms ?? []);
  return [latencyOf('e2e', e2e), latencyOf('ttft', ttft), latencyOf('tpot', tpot), latencyOf('itl', itl)].filter(l => l !== undefined);
}

/** When clients received tokens, ms, ascending: first tokens, the gaps added up, and ends. */
export function tokenTimes(rows: readonly RequestRow[]): Float64Array {
  const out: number[] = [];
  for (const r of finished(rows)) {
    let at = r.first_token_ms ?? Number.NaN;
    if (!Number.isNaN(at)) out.push(at);
    for (const gap of r.itl_ms ?? []) {
      at += gap;
      out.push(at);
    }
    out.push(r.finish_ms ?? 0);
  }
  return Float64Array.from(out.filter(t => !Number.isNaN(t))).sort();
}
