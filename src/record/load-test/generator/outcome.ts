import type { Ns } from '#core/units';
import type { Asked } from './adapters.ts';
import type { Ended } from './exchange.ts';
import type { Target } from './target.ts';

/** What became of one request. All times are on the monotonic clock (see monotonic.ts). */
export interface Outcome {
  /** Counts the requests of a stage. */
  readonly index: number;
  readonly phase: 'warm-up' | 'measured';
  /** When the schedule wanted it sent; null in a closed loop, which has none. */
  readonly intended: Ns | null;
  /** When the generator handed it to a connection; a closed loop sends as soon as it can. */
  readonly released: Ns;
  /** When it was written to its socket; null when it never got a connection. */
  readonly sent: Ns | null;
  readonly first: Ns | null;
  /** The last token. */
  readonly last: Ns | null;
  /** The end of the answer, or of the attempt; null for what was given up. */
  readonly finish: Ns | null;
  /** When it was settled: finished, failed or given up. */
  readonly settled: Ns;
  /** Between chunks with text, microseconds. */
  readonly gapsUs: readonly number[];
  readonly promptTokens: number | null;
  readonly outputTokens: number | null;
  /** What outputTokens was counted from. */
  readonly counted: 'usage' | 'chunks' | null;
  readonly status: 'ok' | 'failed' | 'unfinished';
  /** The kind of failure, or why it was given up; null when it went well. */
  readonly why: string | null;
  /** Left out for one that nobody knows of any more. */
  readonly asked?: Asked;
}

/** A request before it is sent. */
export type Wanted = Pick<Outcome, 'index' | 'phase' | 'intended'> & {
  readonly promptTokens: number;
  readonly outputTokens: number;
  readonly asked: Asked;
};

/** What became of a request. @param released on the monotonic clock */
export function outcomeOf({ index, phase, intended, promptTokens, asked }: Wanted, released: Ns, ended: Ended, target: Target): Outcome {
  const { seen } = ended;
  const counted = seen.outputTokens !== null ? 'usage' : seen.chunks > 0 ? 'chunks' : null;
  return {
    index,
    phase,
    intended,
    released,
    sent: ended.sent,
    first: seen.first,
    last: seen.last,
    finish: ended.finish,
    settled: ended.settled,
    gapsUs: seen.gapsUs,
    // Nobody counted the tokens of a text.
    promptTokens: target.api === 'http' ? null : (seen.promptTokens ?? (target.promptText === undefined ? promptTokens : null)),
    outputTokens: seen.outputTokens ?? (seen.chunks > 0 ? seen.chunks : null),
    counted,
    status: ended.status,
    why: ended.why,
    asked,
  };
}
