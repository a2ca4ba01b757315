import { availableParallelism } from 'node:os';
import type { Surroundings } from '#app/inputs/scratch';
import { type Replay, readReplay } from '#app/load-test/trace-replay';
import { ForensicsError } from '#core/errors';
import type { Seconds } from '#core/units';
import type { Lengths } from '#record/load-test/generator/lengths';
import type { LoadSettings } from '#record/load-test/generator/settings';
import type { Target } from '#record/load-test/generator/target';
import { type ArrivalWish, arrivalsOf } from './patterns.ts';

export interface PatternWish {
  readonly arrivals: ArrivalWish;
  readonly rate?: number | undefined;
  readonly duration?: Seconds | undefined;
  readonly requests?: number | undefined;
  readonly concurrency?: readonly number[] | undefined;
  readonly warmUp: number;
  readonly promptTokens?: Lengths | undefined;
  readonly outputTokens?: Lengths | undefined;
  readonly seed: number;
  readonly generators?: number | undefined;
  readonly timeout: number;
  readonly drain: number;
}

const DEFAULT_SECONDS = 30;
const DEFAULT_PROMPT: Lengths = { kind: 'constant', tokens: 256 };
const DEFAULT_OUTPUT: Lengths = { kind: 'constant', tokens: 128 };
/**
 * A request with an answer of four events cost a generator 0.3 to 0.4 ms of processor time (two cores that were busy with other things,
 * Node 20): at this rate more than half of its time is left, so that what comes together waits little.
 */
const RATE_OF_ONE = 1000;
const IN_FLIGHT_OF_ONE = 1024;

const bad = (what: string, hint: string) => new ForensicsError('bad-argument', what, hint);

function patternOf(wish: PatternWish, replay: Replay | undefined): LoadSettings['pattern'] {
  const { arrivals, rate, duration, requests, concurrency } = wish;
  if (concurrency !== undefined) {
    if (rate !== undefined || arrivals.kind !== 'poisson' || requests !== undefined)
      throw bad(
        'a closed loop has no rate, arrivals or number of requests',
        'Give --concurrency or --sweep alone, or --rate for an open loop.',
      );
    return { loop: 'closed', concurrency, duration: duration ?? DEFAULT_SECONDS };
  }
  const limits = { duration: duration ?? Number.POSITIVE_INFINITY, requests: requests ?? Number.POSITIVE_INFINITY };
  if (arrivals.kind === 'trace') {
    if (rate !== undefined) throw bad('a trace has a rate of its own', 'Leave --rate out.');
    return { loop: 'open', arrivals: { kind: 'trace', offsets: replay?.offsets ?? [] }, ...limits };
  }
  const endless = duration === undefined && (requests === undefined || arrivals.kind === 'ramp');
  const extent = endless ? { ...limits, duration: DEFAULT_SECONDS } : limits;
  if (arrivals.kind === 'ramp') {
    if (rate !== undefined) throw bad('a ramp has a rate of its own', 'Leave --rate out.');
    return { loop: 'open', arrivals: arrivalsOf(arrivals, 0), ...extent };
  }
  if (rate === undefined)
    throw bad('it is not said how much is to be sent', 'Give --rate for an open loop, or --concurrency for a closed one.');
  return { loop: 'open', arrivals: arrivalsOf(arrivals, rate), ...extent };
}

function usualGenerators(pattern: LoadSettings['pattern']): number {
  const wanted =
    pattern.loop === 'closed'
      ? Math.max(...pattern.concurrency) / IN_FLIGHT_OF_ONE
      : pattern.arrivals.kind === 'trace'
        ? 1
        : (pattern.arrivals.kind === 'ramp' ? Math.max(pattern.arrivals.from, pattern.arrivals.to) : pattern.arrivals.rate) / RATE_OF_ONE;
  // One processor is left for the thread that writes, and for whatever else runs here.
  return Math.max(1, Math.min(Math.ceil(wanted), availableParallelism() - 1));
}

/** The recorded load that is asked for, if one is. @throws ForensicsError not-found, unknown-format, bad-record */
export const replayOf = async (wish: PatternWish, around: Surroundings): Promise<Replay | undefined> =>
  wish.concurrency === undefined && wish.arrivals.kind === 'trace' ? readReplay(wish.arrivals.file, around) : undefined;

/** @throws ForensicsError bad-argument */
export function settingsOf(target: Target, wish: PatternWish, replay: Replay | undefined): LoadSettings {
  const pattern = patternOf(wish, replay);
  const recorded = (tokens: number[] | null | undefined): Lengths | undefined => (tokens ? { kind: 'trace', tokens } : undefined);
  return {
    target,
    pattern,
    warmUp: wish.warmUp,
    promptTokens: wish.promptTokens ?? recorded(replay?.promptTokens) ?? DEFAULT_PROMPT,
    outputTokens: wish.outputTokens ?? recorded(replay?.outputTokens) ?? DEFAULT_OUTPUT,
    seed: wish.seed,
    generators: wish.generators ?? usualGenerators(pattern),
    limits: { timeout: wish.timeout, drain: wish.drain },
  };
}
