import type { Detail } from './columns.ts';

/** From the start to the last chunk, seconds. Files before August 2026 have no latencies: there it is the first token and all that came after. */
export const endToEnd = ({ latency, ttft, itls }: Detail): number | undefined =>
  latency ?? (ttft === undefined || itls === undefined ? undefined : itls.reduce((sum, s) => sum + s, ttft));

/** Seconds per output token after the first, as vLLM has it; undefined for answers of one token. */
export const perOutputToken = (detail: Detail): number | undefined => {
  const [end, { ttft, output = 0 }] = [endToEnd(detail), detail];
  return end === undefined || ttft === undefined || output <= 1 ? undefined : (end - ttft) / (output - 1);
};
