/** What became of one request. All times are monotonic nanoseconds (see monotonic.ts). */
export interface Outcome {
  /** Counts the requests of a stage. */
  readonly index: number;
  readonly phase: 'warm-up' | 'measured';
  /** When the schedule wanted it sent; null in a closed loop, which has none. */
  readonly intended: number | null;
  /** When the generator handed it to a connection; a closed loop sends as soon as it can. */
  readonly released: number;
  /** When it was written to its socket; null when it never got a connection. */
  readonly sent: number | null;
  readonly first: number | null;
  /** The last token. */
  readonly last: number | null;
  /** The end of the answer, or of the attempt; null for what was given up. */
  readonly finish: number | null;
  /** When it was settled: finished, failed or given up. */
  readonly settled: number;
  /** Between chunks with text, microseconds. */
  readonly gapsUs: readonly number[];
  readonly promptTokens: number | null;
  readonly outputTokens: number | null;
  /** What outputTokens was counted from. */
  readonly counted: 'usage' | 'chunks' | null;
  readonly status: 'ok' | 'failed' | 'unfinished';
  /** The kind of failure, or why it was given up; null when it went well. */
  readonly why: string | null;
}
