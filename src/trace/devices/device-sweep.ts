import { byteAt, intAt, realAt, valueAt } from '#core/columns';
import type { Ns } from '#core/units';
import { type GpuOps, OP } from '#trace/events/gpu-ops';

/** What a device is doing, as bits: several at once where streams or processes overlap; 0 is idle. */
export const STATE = { compute: 1, communication: 2, copy: 4 } as const;
/** Number of values that a set of STATE bits can have. */
export const STATES = 8;
const BITS: readonly number[] = Object.values(STATE);

/** STATE bit of each OP. A graph recorded as one row counts as compute, since nothing inside it can be seen; a fill counts as a copy. */
const STATE_OF = new Uint8Array(5);
STATE_OF[OP.kernel] = STATE.compute;
STATE_OF[OP.graph] = STATE.compute;
STATE_OF[OP.communication] = STATE.communication;
STATE_OF[OP.copy] = STATE.copy;
STATE_OF[OP.memset] = STATE.copy;

/**
 * Walks what every physical device did in [from, to), over all its streams and processes. Calls visit(device, start, end, state)
 * for stretches that follow each other without holes from `from` to `to` on each device; state is a set of STATE bits.
 * Stretches of different devices interleave. Takes time in proportion to the operations and no memory that grows with them.
 */
export function sweepDevices(ops: GpuOps, from: Ns, to: Ns, visit: (device: number, start: Ns, end: Ns, state: number) => void): void {
  if (!(to > from)) return;
  const devices = ops.devices.length;
  const at = new Float64Array(devices).fill(from);
  // Latest end of each state on each device: it is active until then.
  const until = new Float64Array(devices * BITS.length).fill(Number.NEGATIVE_INFINITY);
  const advance = (device: number, goal: Ns) => {
    let t = realAt(at, device);
    while (t < goal) {
      let state = 0;
      let next = goal;
      for (let b = 0; b < BITS.length; b++) {
        const end = realAt(until, device * BITS.length + b);
        if (end <= t) continue;
        state |= valueAt(BITS, b);
        if (end < next) next = end;
      }
      visit(device, t, next, state);
      t = next;
    }
    at[device] = t;
  };
  for (let i = 0; i < ops.n; i++) {
    const start = realAt(ops.start, i);
    const end = realAt(ops.end, i);
    if (start >= to) break;
    if (!(end > start) || end <= from) continue;
    const device = intAt(ops.device, i);
    advance(device, start);
    const slot = device * BITS.length + BITS.indexOf(byteAt(STATE_OF, byteAt(ops.kind, i)));
    if (end > realAt(until, slot)) until[slot] = end;
  }
  for (let device = 0; device < devices; device++) advance(device, to);
}
