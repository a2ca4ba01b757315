import { randomLcg } from 'd3-random';

/** What a run draws from chance; each has a sequence of its own, so that more prompts do not move the arrivals. */
const STREAMS = {
  arrivals: 1,
  'warm-up': 2,
  'prompt-tokens': 3,
  'output-tokens': 4,
  prompts: 5,
  mock: 6,
  adapters: 7,
  adapter: 8,
  user: 9,
  order: 10,
  step: 11,
} as const;
type Use = keyof typeof STREAMS;

/** The finalizer of MurmurHash3 (Appleby, public domain description): spreads neighbouring seeds over all 32 bits. */
function spread(seed: number): number {
  let h = seed | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** Uniform numbers in [0, 1), always the same for a seed and a use. */
export const rng = (seed: number, use: Use): (() => number) =>
  // A linear congruential generator started with neighbouring seeds gives neighbouring numbers, hence the spreading.
  randomLcg(spread(seed * 64 + STREAMS[use]) / 2 ** 32);

/** The number in [0, 1) of one request, the same whoever asks and in whatever order. @param i from 0 */
export const uniformAt = (seed: number, use: Use, i: number): number =>
  // Multiples of the golden ratio's 32-bit fraction lie far apart before they are spread.
  spread(spread(seed * 64 + STREAMS[use]) ^ Math.imul(i + 1, 0x9e3779b1)) / 2 ** 32;
