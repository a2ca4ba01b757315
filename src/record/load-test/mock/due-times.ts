import type { Ns } from '#core/units';
import { NS_PER_MS, NS_PER_S } from '#record/load-test/generator/monotonic';
import type { MockScript } from './script.ts';

/**
 * When work ends that begins at `from`, on a machine that stands still during stalls; stalls
 * count from `zero`.
 */
export function through(stalls: MockScript['stalls'], zero: Ns, from: Ns, work: Ns): Ns {
  let at = from;
  let left = work;
  if (stalls.length === 0) return at + left;
  for (const { at_s, ms } of [...stalls].sort((a, b) => a.at_s - b.at_s)) {
    const begins = zero + at_s * NS_PER_S;
    const ends = begins + ms * NS_PER_MS;
    if (ends <= at) continue;
    if (begins > at + left) break;
    left -= Math.max(0, begins - at);
    at = ends;
  }
  return at + left;
}

/** When each event of an answer is due whose turn came at `from`: the first after ttft, the others an interval apart. */
export function dueTimes(script: MockScript, zero: Ns, from: Ns, tokens: number): Ns[] {
  const events = Math.ceil(tokens / script.chunk_tokens);
  return Array.from({ length: events }, (_, i) =>
    through(script.stalls, zero, from, (script.ttft_ms + i * script.chunk_tokens * script.itl_ms) * NS_PER_MS),
  );
}
