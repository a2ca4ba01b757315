/** Times of the planted stalls, ms into the window, and what held the engine up. */
export const STALLS = [
  { at: 1_730, cause: 'host-compute', subject: 'thread 4182 (scheduler)' },
  { at: 3_165, cause: 'blocking-copy', subject: '268 MB, device to pageable host memory' },
  { at: 5_920, cause: 'host-compute', subject: 'thread 4182 (scheduler)' },
  { at: 7_455, cause: 'host-compute', subject: 'thread 4182 (scheduler)' },
  { at: 10_080, cause: 'blocking-copy', subject: '268 MB, device to pageable host memory' },
] as const;

export const STALL_MS = 140;
export const WINDOW_MS = 12_000;
export const START_NS = 1_795_311_782_000_000_000n;
export type Stall = (typeof STALLS)[number];

/** A fixed sequence in place of chance, so that every run draws the same sample. */
export function sequence(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
