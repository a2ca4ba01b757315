import { realAt } from '#core/columns';
import type { RequestRow } from '#schema/relation';

/** Stamps of one step differ by the time it takes to hand its tokens out: less than this share of a usual step. */
const SAME_STEP = 0.2;

/** When tokens reached the clients, in ms on the clock of the load test, ascending: first tokens, the gaps added up. */
export function tokenEnds(rows: readonly RequestRow[]): Float64Array {
  const streams = rows.filter(r => r.status !== 'failed' && r.first_token_ms !== null);
  const out = new Float64Array(streams.reduce((n, r) => n + 1 + (r.itl_ms?.length ?? (r.finish_ms === null ? 0 : 1)), 0));
  let n = 0;
  for (const { first_token_ms, itl_ms, finish_ms } of streams) {
    let at = first_token_ms ?? Number.NaN;
    out[n++] = at;
    for (const gap of itl_ms ?? []) {
      at += gap;
      out[n++] = at;
    }
    if (itl_ms === null && finish_ms !== null) out[n++] = finish_ms;
  }
  return out.sort();
}

/** Time between neighbours. */
export const intervals = (ascending: Float64Array): Float64Array => ascending.subarray(1).map((t, i) => t - realAt(ascending, i));

/**
 * The ends of steps as clients saw them: every running request gets its token when a step ends, so that tokens come in bunches.
 * @param tokens ascending, any unit
 * @param step usual time between two steps, same unit
 * @returns the first token of each bunch
 */
export function bunches(tokens: Float64Array, step: number): Float64Array {
  const apart = SAME_STEP * step;
  return tokens.filter((t, i) => i === 0 || t - realAt(tokens, i - 1) > apart);
}
