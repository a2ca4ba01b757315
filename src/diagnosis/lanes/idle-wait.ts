import { sum } from 'd3-array';
import { intAt, realAt } from '#core/columns';
import { getOrCompute } from '#core/get-or-compute';
import { complement, coverage, type Spans, spansOf } from '#core/math/spans';
import type { Ns, Share } from '#core/units';
import type { HostCalls } from '#trace/events/host-calls';
import type { Loss } from './loss.ts';

/** The call must hold this share of the time without demand: the larger half. */
const MAIN_SHARE: Share = 0.5;
/** Less time without demand than this shows nothing: the moments between one request and the next. */
const LEAST_IDLE_NS = 50_000_000;
/** A wait that the launching thread enters in at least half of the steps is part of a step: for its scheduler, a peer, the device. */
const EVERY_STEP: Share = 0.5;
/** A look into a queue that returns at once is no wait: those of a step take a fair part of it, of its time with requests in flight. */
const REAL_WAIT: Share = 0.05;

type Starved = Extract<Loss, { kind: 'starved' }>;

/** What a starved stretch waited in: the launching thread's own wait, or where that belongs to every step, the wait it was followed to; '' where it did not wait. */
type WaitedIn = (loss: Starved) => string;

/** The steps of a lane, as far as its waits are measured by them. */
interface StepScale {
  readonly n: number;
  /** A usual one, ns. */
  readonly length: Ns;
}

/**
 * Marks the time in which a lane had been given nothing to do: its launching thread, or the scheduler that it waits for in every step, sat in
 * the call that holds most of the time in which no request was in flight.
 * @param demand when requests were in flight; undefined without a load test: then the call that holds most of all starved time may be the wait
 * for work, and nothing tells it from a fault
 */
export function markInput(
  losses: readonly Loss[],
  host: HostCalls,
  demand: Spans | undefined,
  [from, to]: readonly [Ns, Ns],
  steps: StepScale,
): readonly Loss[] {
  const whole = (a: Ns, b: Ns) => Math.max(0, b - a);
  const waitedIn = waitsOfSteps(host, demand === undefined ? whole : coverage(demand), steps);
  const idle = idleCall(losses, demand === undefined ? whole : coverage(complement(demand, from, to)), waitedIn);
  if (idle === undefined) return losses;
  return losses.map(l => (l.kind === 'starved' && waitedIn(l) === idle ? { ...l, isInput: true } : l));
}

/** When a lane had been given nothing to do. */
export const inputWaits = (losses: readonly Loss[]): Spans =>
  spansOf(losses.flatMap(l => (l.kind === 'starved' && l.isInput === true ? [[l.start, l.end] as const] : [])));

function waitsOfSteps(host: HostCalls, inDemand: (from: Ns, to: Ns) => Ns, steps: StepScale): WaitedIn {
  const known = new Map<number, Map<string, boolean>>();
  const isOfSteps = (thread: number, call: string) =>
    getOrCompute(
      getOrCompute(known, thread, () => new Map<string, boolean>()),
      call,
      () => {
        const calls = host.callsOf(thread);
        let n = 0;
        for (let i = 0; i < calls.n; i++) {
          const [start, end] = [realAt(calls.start, i), realAt(calls.end, i)];
          const isReal = end - start >= REAL_WAIT * steps.length && inDemand(start, end) >= REAL_WAIT * steps.length;
          if (isReal && host.nameOf(intAt(calls.nameId, i)) === call) n++;
        }
        return n >= EVERY_STEP * steps.n;
      },
    );
  return ({ via: [own], activity, call, root }) => {
    if (own !== undefined && !isOfSteps(own.thread, own.call)) return own.call;
    const waits = activity === 'wait' || activity === 'storage';
    return waits && !isOfSteps(root, call) ? call : '';
  };
}

function idleCall(losses: readonly Loss[], without: (from: Ns, to: Ns) => Ns, waitedIn: WaitedIn): string | undefined {
  const time = new Map<string, Ns>();
  for (const l of losses) {
    if (l.kind !== 'starved') continue;
    const ns = without(l.start, l.end);
    const call = waitedIn(l);
    if (ns > 0) time.set(call, (time.get(call) ?? 0) + ns);
  }
  const total = sum(time.values());
  const [most] = [...time].filter(([call]) => call !== '').toSorted((a, b) => b[1] - a[1]);
  return most !== undefined && total >= LEAST_IDLE_NS && most[1] >= MAIN_SHARE * total ? most[0] : undefined;
}
