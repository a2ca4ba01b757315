import { intAt, realAt, valueAt } from '#core/columns';
import { type Spans, upperBound } from '#core/math/spans';
import type { Ns } from '#core/units';
import { type GpuOps, OP } from '#trace/events/gpu-ops';
import type { Behind, Loss } from './loss.ts';
import type { LossContext } from './loss-context.ts';
import { starvedLosses } from './starved-losses.ts';

/** What was put on a stream between two operations. */
export interface StreamCalls {
  /** The call that put a host function there, or ''. */
  readonly hostFunction: string;
  /** A stream was made to wait for an event, and the trace does not tell for which. */
  readonly waitsUnseen: boolean;
}

const HOST_FUNCTION = /^cu(da)?(LaunchHostFunc|StreamAddCallback)/;
const STREAM_WAIT = /^cu(da)?StreamWaitEvent/;

/** What the launching thread put on a stream after it had launched the operation before, and before it launched this one. */
export function streamCalls({ ops, host, lane, waits }: LossContext, call: number, previous: number): StreamCalls {
  const launch = host.api.find(valueAt(ops.processes, lane.process), intAt(ops.correlation, previous));
  if (launch < 0) return { hostFunction: '', waitsUnseen: false };
  const calls = host.callsOf(intAt(host.api.thread, call));
  const since = realAt(host.api.start, launch);
  let [hostFunction, waitsUnseen] = ['', false];
  for (let i = upperBound(calls.start, realAt(host.api.start, call)) - 1; i >= 0 && realAt(calls.start, i) >= since; i--) {
    const name = host.nameOf(intAt(calls.nameId, i));
    if (hostFunction === '' && HOST_FUNCTION.test(name)) hostFunction = name;
    waitsUnseen ||= STREAM_WAIT.test(name) && waits.dependencies === undefined;
  }
  return { hostFunction, waitsUnseen };
}

/**
 * Splits a stretch in which work was launched and did not run, along the edge that arrived last: the operation of another stream for which an
 * event made it wait; before that one ran, what its own launch or the operations before it waited for; and where no edge is known, whether
 * other work held the GPU.
 */
export function queuedLosses(c: LossContext, from: Ns, to: Ns, endedBy: number, between: StreamCalls): Loss[] {
  const { ops, host, waits } = c;
  const [first, last]: [Loss[], Loss[]] = [[], []];
  const plainly = (a: Ns, b: Ns) => last.push(...withoutEdge(c, a, b, endedBy, between).toReversed());
  let [op, opened, until] = [endedBy, from, to];
  while (until > opened) {
    const producer = waits.dependencies?.producerOf(op) ?? -1;
    const ended = producer < 0 ? opened : Math.min(until, realAt(ops.end, producer));
    if (ended <= opened) break;
    const begun = Math.max(opened, Math.min(ended, realAt(ops.start, producer)));
    // It begins after what is said to have waited for it: its times are not its own, and two such could wait for each other for ever.
    if (begun >= until) break;
    plainly(ended, until);
    // A collective on another stream may itself have spun for a late rank.
    const wait = c.lateWaits?.get(producer);
    const spun = wait === undefined ? begun : Math.min(ended, Math.max(begun, realAt(ops.start, producer) + wait.ns));
    last.push({ ...queued(spun, ended, endedBy, between), behind: behind(ops, producer) });
    if (wait !== undefined) last.push({ kind: 'spin', start: begun, end: spun, wait });
    const call = host.api.find(valueAt(ops.processes, intAt(ops.process, producer)), intAt(ops.correlation, producer));
    if (call >= 0 && begun > opened) {
      const late = starvedLosses(c, { start: opened, end: begun, previous: undefined, endedBy: producer }, call);
      first.push(...late.losses);
      opened = late.launched;
    }
    [op, until] = [producer, begun];
  }
  plainly(opened, until);
  return [...first, ...last.toReversed()].filter(l => l.end > l.start);
}

const queued = (start: Ns, end: Ns, endedBy: number, between: StreamCalls) =>
  ({ kind: 'queued', start, end, foreign: false, byClock: false, endedBy, behind: undefined, ...between }) as const;

const behind = (ops: GpuOps, op: number): Behind => ({
  op,
  stream: intAt(ops.stream, op),
  what: ops.kind[op] === OP.copy ? 'copy' : ops.kind[op] === OP.communication ? 'collective' : 'work',
});

/** The parts of the spans inside [from, to), by search: both gaps and spans may be hundreds of thousands. */
function clip(spans: Spans, from: Ns, to: Ns): readonly (readonly [number, number])[] {
  const out: [number, number][] = [];
  for (let i = upperBound(spans.end, from); i < spans.n && realAt(spans.start, i) < to; i++)
    out.push([Math.max(from, realAt(spans.start, i)), Math.min(to, realAt(spans.end, i))]);
  return out;
}

/** Splits a stretch by whether other work held the GPU meanwhile. */
function withoutEdge({ lane, clockShare }: LossContext, from: Ns, to: Ns, endedBy: number, between: StreamCalls): Loss[] {
  const out: Loss[] = [];
  let at = from;
  const add = (start: Ns, end: Ns, foreign: boolean, byClock: boolean) => {
    if (end > start) out.push({ ...queued(start, end, endedBy, between), foreign, byClock });
  };
  for (const [a, b] of clip(lane.foreign, from, to)) {
    const clockFrom = b - clockShare(a, b) * (b - a);
    add(at, a, false, false);
    add(a, clockFrom, true, false);
    add(clockFrom, b, true, true);
    at = b;
  }
  add(at, to, false, false);
  return out;
}
