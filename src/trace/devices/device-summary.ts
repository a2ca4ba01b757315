import { byteAt, intAt, realAt } from '#core/columns';
import type { Spans } from '#core/math/spans';
import type { Ms, Ns } from '#core/units';
import { type ChartData, type DeviceSummary, GAP_CLASSES } from '#schema/report';
import type { Dependencies } from '#trace/events/dependencies';
import { type GpuOps, OP } from '#trace/events/gpu-ops';
import type { HostCalls } from '#trace/events/host-calls';
import { classifyGaps } from './device-gaps.ts';
import { STATE, STATES, sweepDevices } from './device-sweep.ts';
import { type DeviceGaps, gapLower, gapUpper } from './gap-list.ts';

export interface SummaryInput {
  readonly ops: GpuOps;
  readonly host: Pick<HostCalls, 'api'>;
  readonly dependencies: Dependencies | undefined;
  /** When a request was in flight; undefined when no load test came with the trace. */
  readonly inFlight: Spans | undefined;
  /** All that was launched is in the trace: where it is not, no gap's class can be told. */
  readonly isWhole: boolean;
  /** Window, from the start of the session. */
  readonly from: Ns;
  readonly to: Ns;
  /** Product names by label of ops.devices. */
  readonly names: ReadonlyMap<string, string>;
}

/** ns to ms; what is no positive number (−0, NaN, a window of no length) is 0. */
const ms = (ns: Ns): Ms => (ns > 0 ? ns / 1e6 : 0);

const NO_GAPS: DeviceGaps = {
  n: 0,
  start: new Float64Array(0),
  end: new Float64Array(0),
  class: new Uint8Array(0),
  endedBy: new Int32Array(0),
  call: new Int32Array(0),
};

/** No launch is known: every gap is of unknown class. */
const NO_LAUNCHES: SummaryInput['host'] = {
  api: { n: 0, start: new Float64Array(0), end: new Float64Array(0), thread: new Int32Array(0), nameId: new Int32Array(0), find: () => -1 },
};

/** Totals by class; a gap that the demand's edges cut counts once in each class it has a part in. */
function gapTotals(gaps: DeviceGaps, edges: readonly Ns[]): DeviceSummary['gaps'] {
  const count = new Float64Array(GAP_CLASSES.length);
  const lower = new Float64Array(GAP_CLASSES.length);
  const upper = new Float64Array(GAP_CLASSES.length);
  const lastCounted = new Int32Array(GAP_CLASSES.length).fill(-1);
  for (let i = 0; i < gaps.n; i++) {
    const c = byteAt(gaps.class, i);
    const op = intAt(gaps.endedBy, i);
    if (lastCounted[c] !== op) count[c] = realAt(count, c) + 1;
    lastCounted[c] = op;
    lower[c] = realAt(lower, c) + gapLower(gaps, i);
    upper[c] = realAt(upper, c) + gapUpper(gaps, i);
  }
  const outside = GAP_CLASSES.indexOf('outside-work');
  for (const edge of edges) {
    if (!(edge > 0)) continue;
    count[outside] = realAt(count, outside) + 1;
    lower[outside] = realAt(lower, outside) + edge;
    upper[outside] = realAt(upper, outside) + edge;
  }
  const totals = GAP_CLASSES.map((name, c) => [
    name,
    { count: realAt(count, c), lower_ms: ms(realAt(lower, c)), upper_ms: ms(realAt(upper, c)) },
  ]);
  return Object.fromEntries(totals) as DeviceSummary['gaps'];
}

/** How long each device was idle in the window before its first operation of the trace, and after its last; all of it where it has none. */
function edgesOf({ ops, from, to }: SummaryInput): readonly (readonly Ns[])[] {
  const first = new Float64Array(ops.devices.length).fill(to);
  const last = new Float64Array(ops.devices.length).fill(Number.POSITIVE_INFINITY);
  for (let i = 0; i < ops.n; i++) {
    const [device, start, end] = [intAt(ops.device, i), realAt(ops.start, i), realAt(ops.end, i)];
    if (!(end > start)) continue;
    first[device] = Math.min(realAt(first, device), start);
    last[device] = last[device] === Number.POSITIVE_INFINITY ? end : Math.max(realAt(last, device), end);
  }
  return ops.devices.map((_, d) => [Math.min(to, realAt(first, d)) - from, to - Math.max(from, realAt(last, d))]);
}

/**
 * What each physical device did in the window, over all its streams and processes, in the order of ops.devices.
 * - busy: anything ran; idle: the rest of the window. The gaps add up to the idle time (upper_ms): what lies before the device's first
 *   operation of the trace and after its last is a class of its own, `outside-work`.
 * - compute: kernels other than collectives, and graphs recorded as one row; communication: collectives' kernels; copy: copies and fills
 * - exposed communication or copy: nothing of another kind ran meanwhile; overlapped: communication or copy while compute ran
 * - kernels: kernels, collectives' among them, of which a part lies in the window
 */
export function summariseDevices(input: SummaryInput): DeviceSummary[] {
  const { ops, from, to } = input;
  const time = new Float64Array(ops.devices.length * STATES);
  sweepDevices(ops, from, to, (device, start, end, state) => {
    const slot = device * STATES + state;
    time[slot] = realAt(time, slot) + (end - start);
  });
  const kernels = new Float64Array(ops.devices.length);
  for (let i = 0; i < ops.n; i++) {
    if (ops.kind[i] !== OP.kernel && ops.kind[i] !== OP.communication) continue;
    const device = intAt(ops.device, i);
    if (realAt(ops.start, i) < to && realAt(ops.end, i) > from) kernels[device] = realAt(kernels, device) + 1;
  }
  const gaps = classifyGaps(ops, input.isWhole ? input.host : NO_LAUNCHES, input.dependencies, input.inFlight, from, to);
  const edges = edgesOf(input);
  return ops.devices.map((device, d) => {
    const timeWhere = (holds: (state: number) => boolean) => {
      let sum = 0;
      for (let state = 0; state < STATES; state++) if (holds(state)) sum += realAt(time, d * STATES + state);
      return ms(sum);
    };
    const { compute, communication, copy } = STATE;
    const list = gaps[d];
    return {
      device,
      name: input.names.get(device) ?? null,
      busy_ms: timeWhere(s => s !== 0),
      idle_ms: timeWhere(s => s === 0),
      compute_absent_ms: timeWhere(s => (s & compute) === 0),
      communication_ms: timeWhere(s => (s & communication) !== 0),
      copy_ms: timeWhere(s => (s & copy) !== 0),
      exposed_communication_ms: timeWhere(s => s === communication),
      exposed_copy_ms: timeWhere(s => s === copy),
      overlapped_ms: timeWhere(s => (s & compute) !== 0 && s !== compute),
      kernels: realAt(kernels, d),
      gaps: gapTotals(list ?? NO_GAPS, edges[d] ?? []),
    };
  });
}

const SHOWN = ['compute', 'communication', 'copy'] as const;
/** Position in SHOWN of what a set of STATE bits is drawn as: what lies under compute is hidden, and a copy under communication too. */
const shownAs = (state: number) => ((state & STATE.compute) !== 0 ? 0 : (state & STATE.communication) !== 0 ? 1 : 2);

/**
 * Shares of compute, exposed communication, exposed copy and idle for the chart: `count` bins of equal width over [from, to), for
 * each device, four rows a bin, whose shares add up to 1. Times in ms since the session began.
 */
export function deviceBins(ops: GpuOps, from: Ns, to: Ns, count: number): ChartData['device_bins'] {
  if (!(to > from) || count < 1) return [];
  const width = (to - from) / count;
  const time = new Float64Array(ops.devices.length * count * SHOWN.length);
  sweepDevices(ops, from, to, (device, start, end, state) => {
    if (state === 0) return;
    let at = start;
    for (let bin = Math.min(count - 1, Math.floor((start - from) / width)); at < end; bin++) {
      const stop = bin >= count - 1 ? end : Math.min(end, from + (bin + 1) * width);
      const slot = (device * count + bin) * SHOWN.length + shownAs(state);
      if (stop > at) time[slot] = realAt(time, slot) + (stop - at);
      at = Math.max(at, stop);
    }
  });
  return ops.devices.flatMap((device, d) =>
    Array.from({ length: count }, (_, bin) => {
      const place = { device, t_ms: ms(from + bin * width), width_ms: ms(width) };
      let rest = 1;
      const busy = SHOWN.map((state, k) => {
        const share = Math.min(rest, realAt(time, (d * count + bin) * SHOWN.length + k) / width);
        rest -= share;
        return { ...place, state, share };
      });
      return [...busy, { ...place, state: 'idle' as const, share: rest }];
    }).flat(),
  );
}
