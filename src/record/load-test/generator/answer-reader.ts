import type { Ns } from '#core/units';

/** Reads the body of an answer as it comes. */
export interface AnswerReader {
  /** @param at when the bytes were received, monotonic ns */
  feed(bytes: Uint8Array, at: Ns): void;
  /** The kind of failure that the content shows once the body is over; undefined for a whole answer. */
  fault(): string | undefined;
  readonly seen: Seen;
}

export interface Seen {
  first: number | null;
  last: number | null;
  chunks: number;
  readonly gapsUs: number[];
  promptTokens: number | null;
  outputTokens: number | null;
}
export const nothing = (): Seen => ({ first: null, last: null, chunks: 0, gapsUs: [], promptTokens: null, outputTokens: null });

/** Plain HTTP, and an answer in one piece: the body is read and thrown away. */
export const plainReader = (): AnswerReader => ({ feed: () => {}, fault: () => undefined, seen: nothing() });
