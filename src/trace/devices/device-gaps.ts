import { intAt, itemAt, realAt, valueAt } from '#core/columns';
import type { Spans } from '#core/math/spans';
import type { Ns } from '#core/units';
import type { Dependencies } from '#trace/events/dependencies';
import type { GpuOps } from '#trace/events/gpu-ops';
import type { HostCalls } from '#trace/events/host-calls';
import { CLASS, type DeviceGaps, gapList } from './gap-list.ts';

/** What a gap is judged by. */
interface Launches {
  readonly ops: GpuOps;
  readonly api: HostCalls['api'];
  readonly dependencies: Dependencies | undefined;
}

/** The call that launched an operation, -1 where none was recorded. */
const launchOf = ({ ops, api }: Launches, op: number) =>
  api.find(valueAt(ops.processes, intAt(ops.process, op)), intAt(ops.correlation, op));

/** Class of the gap that an operation ended, by its launch. */
function classOf({ ops, api, dependencies }: Launches, opened: Ns, op: number, call: number): number {
  if (call < 0) return CLASS.unknown;
  if (realAt(api.start, call) >= opened) return CLASS.starved;
  // A call without an end was still open: not known to be over before the gap.
  if (!(realAt(api.end, call) < opened)) return CLASS.straddling;
  const producer = dependencies?.producerOf(op) ?? -1;
  return producer >= 0 && realAt(ops.end, producer) > opened ? CLASS.blocking : CLASS['dependency-stalled'];
}

/** Order among operations that begin together, by what they are and not by where they stand in the file. */
function comesFirst(launches: Launches, a: number, b: number): boolean {
  const { ops, api } = launches;
  const callA = launchOf(launches, a);
  const callB = launchOf(launches, b);
  if (callA < 0 || callB < 0) return callA >= 0 && callB < 0;
  const order =
    realAt(api.start, callA) - realAt(api.start, callB) ||
    realAt(api.end, callA) - realAt(api.end, callB) ||
    valueAt(ops.processes, intAt(ops.process, a)) - valueAt(ops.processes, intAt(ops.process, b)) ||
    intAt(ops.stream, a) - intAt(ops.stream, b);
  return order < 0;
}

/** Adds gaps to lists, by device: under their class where a request was in flight, as no-demand elsewhere. Gaps of a device in order. */
function cutByDemand(lists: readonly ReturnType<typeof gapList>[], inFlight: Spans | undefined) {
  const demandAt = new Int32Array(lists.length);
  return (device: number, a: Ns, b: Ns, gapClass: number, op: number, call: number) => {
    const list = itemAt(lists, device);
    if (inFlight === undefined) return list.add(a, b, gapClass, op, call);
    let at = a;
    let k = intAt(demandAt, device);
    while (k < inFlight.n && realAt(inFlight.end, k) <= a) k++;
    demandAt[device] = k;
    for (; k < inFlight.n && realAt(inFlight.start, k) < b; k++) {
      const wantedFrom = Math.max(at, realAt(inFlight.start, k));
      const wantedTo = Math.min(b, realAt(inFlight.end, k));
      if (wantedFrom > at) list.add(at, wantedFrom, CLASS['no-demand'], op, call);
      if (wantedTo > wantedFrom) list.add(wantedFrom, wantedTo, gapClass, op, call);
      at = Math.max(wantedFrom, wantedTo);
    }
    if (b > at) list.add(at, b, CLASS['no-demand'], op, call);
  };
}

/**
 * Finds and classifies the idle gaps of every physical device inside [from, to).
 *
 * A gap [E, S) lies between two operations of the device, whatever their stream, process or kind; the operation that begins at S
 * ended it, and of several that begin at S the one whose launch began first. By that launch:
 * - starved: it began at or after E: the queue was empty and the host had not begun
 * - straddling: it began before E and ended at or after E: the work was enqueued at an unknown moment inside the call
 * - blocking: it ended before E, and work that the operation had to wait for finished after E, so on another device
 * - dependency-stalled: it ended before E, and nothing known explains the wait
 * - unknown: the launch is not in the trace
 * - no-demand: no request was in flight; a gap that is partly in demand is cut at the demand's edges
 *
 * Gaps are judged whole, then cut to the window. The stretches before a device's first operation of the trace and after its last
 * are idle but no gaps: no launch ends them and nothing says that the device was wanted. So the gaps of a device add up to its idle
 * time less those two stretches. Empty operations neither end nor fill a gap.
 *
 * @param dependencies what operations had to wait for; without them no gap is `blocking`
 * @param inFlight when a request was in flight; without it no gap is `no-demand`
 * @returns gaps by device, in the order of ops.devices
 */
export function classifyGaps(
  ops: GpuOps,
  host: Pick<HostCalls, 'api'>,
  dependencies: Dependencies | undefined,
  inFlight: Spans | undefined,
  from: Ns,
  to: Ns,
): readonly DeviceGaps[] {
  const launches = { ops, api: host.api, dependencies };
  const lists = ops.devices.map(gapList);
  const add = cutByDemand(lists, inFlight);

  const busyTo = new Float64Array(lists.length).fill(Number.NEGATIVE_INFINITY);
  const opened = new Float64Array(lists.length);
  const ender = new Int32Array(lists.length).fill(-1);
  /** Adds the device's last gap, once no further operation can begin where it ended. */
  const settle = (device: number) => {
    const op = intAt(ender, device);
    if (op < 0) return;
    ender[device] = -1;
    const a = Math.max(from, realAt(opened, device));
    const b = Math.min(to, realAt(ops.start, op));
    if (!(b > a)) return;
    const call = launchOf(launches, op);
    add(device, a, b, classOf(launches, realAt(opened, device), op, call), op, call);
  };
  for (let i = 0; i < ops.n; i++) {
    const start = realAt(ops.start, i);
    const end = realAt(ops.end, i);
    if (!(end > start)) continue;
    const device = intAt(ops.device, i);
    const last = realAt(busyTo, device);
    const waiting = intAt(ender, device);
    if (start > last) {
      settle(device);
      if (last > Number.NEGATIVE_INFINITY) {
        opened[device] = last;
        ender[device] = i;
      }
    } else if (waiting >= 0 && ops.start[waiting] === start && comesFirst(launches, i, waiting)) ender[device] = i;
    if (end > last) busyTo[device] = end;
  }
  for (let device = 0; device < lists.length; device++) settle(device);
  return lists.map(list => list.done());
}
