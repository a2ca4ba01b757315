import { ForensicsError } from '#core/errors';
import { type Arrivals, schedule } from './arrivals.ts';
import { lengths } from './lengths.ts';
import type { ClosedPlan, OpenPlan } from './plan.ts';
import { rng } from './rng.ts';
import type { LoadSettings } from './settings.ts';

/** Lengths that the requests of a closed loop go through: none knows beforehand how many there will be. */
const CLOSED_LENGTHS = 10_000;

/** What comes before a ramp or a trace is at the rate with which it begins. */
function warmUpArrivals(arrivals: Arrivals): Arrivals {
  switch (arrivals.kind) {
    case 'ramp':
      return { kind: 'poisson', rate: arrivals.from };
    case 'trace':
      throw new ForensicsError('bad-argument', 'a trace is replayed without warm-up', 'Leave --warm-up out.');
    default:
      return arrivals;
  }
}

/**
 * The warm-up's own schedule: in its first half the rate climbs evenly from nothing, so that a server, a generator and their connections
 * that are all cold do not begin with a backlog. Arrivals go through the inverse of the summed rate, as those of a ramp do.
 */
function climbing(arrivals: Arrivals, seconds: number, source: () => number): Float64Array {
  const climb = seconds / 2;
  const even = schedule(arrivals, { seconds: seconds - climb / 2, requests: Number.POSITIVE_INFINITY }, source);
  return even.map(offset => (offset < climb / 2 ? Math.sqrt(2 * climb * offset) : offset + climb / 2));
}

/** Plans without their beginning in time, which is set when all is ready. */
export type OpenDraft = Omit<OpenPlan, 'start'>;
export type ClosedDraft = Omit<ClosedPlan, 'start'>;

/** @throws ForensicsError bad-argument when nothing would be sent */
export function openDraft({ pattern, warmUp, seed, promptTokens, outputTokens, limits }: LoadSettings): OpenDraft {
  if (pattern.loop !== 'open') throw new Error('the pattern is a closed loop');
  const { arrivals, duration, requests } = pattern;
  const before = warmUp > 0 ? climbing(warmUpArrivals(arrivals), warmUp, rng(seed, 'warm-up')) : new Float64Array();
  const measured = schedule(arrivals, { seconds: duration, requests }, rng(seed, 'arrivals'));
  if (measured.length === 0)
    throw new ForensicsError('bad-argument', 'no request would be sent', 'Raise --rate, --duration or --requests.');
  const due = Float64Array.from([...before, ...measured.map(offset => warmUp + offset)]);
  return {
    loop: 'open',
    stage: '',
    index: Uint32Array.from(due, (_, i) => i),
    due,
    promptTokens: lengths(promptTokens, due.length, rng(seed, 'prompt-tokens')),
    outputTokens: lengths(outputTokens, due.length, rng(seed, 'output-tokens')),
    warmUp,
    limits,
  };
}

export function closedDraft(settings: LoadSettings, concurrency: number): ClosedDraft {
  const { pattern, warmUp, seed, promptTokens, outputTokens, limits } = settings;
  const { requests = Number.POSITIVE_INFINITY } = pattern;
  return {
    loop: 'closed',
    stage: `c${concurrency}-`,
    concurrency,
    first: 0,
    step: 1,
    promptTokens: lengths(promptTokens, CLOSED_LENGTHS, rng(seed, 'prompt-tokens')),
    outputTokens: lengths(outputTokens, CLOSED_LENGTHS, rng(seed, 'output-tokens')),
    warmUp,
    end: warmUp + pattern.duration,
    requests,
    limits,
  };
}
