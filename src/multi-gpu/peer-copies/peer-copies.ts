import { max, min, sum } from 'd3-array';
import { coverage, union } from '#core/math/spans';
import type { Ns, Share } from '#core/units';
import { type GpuOps, OP } from '#trace/events/gpu-ops';
import type { TraceSource } from '#trace/source';
import { type CopyRow, readCopyRows } from './copy-rows.ts';
import type { PeerCopy } from './peer-copy.ts';
import { directTransfers, driverStaged, explicitStaged, isHalf, type Transfer } from './transfer.ts';

/** Tells what share of [from, to) a GPU computed: kernels other than collectives, and graphs. */
function computeShare(ops: GpuOps): (device: number, from: Ns, to: Ns) => Share | undefined {
  const covered = new Map<number, (from: Ns, to: Ns) => Ns>();
  return (device, from, to) => {
    if (device < 0) return undefined;
    const known =
      covered.get(device) ??
      coverage(union(ops.start, ops.end, i => ops.device[i] === device && (ops.kind[i] === OP.kernel || ops.kind[i] === OP.graph)));
    covered.set(device, known);
    return to > from ? Math.min(1, known(from, to) / (to - from)) : 0;
  };
}

/** The copies of one report. */
export interface Copied {
  /** Every copy from one GPU to another, in order of start, whichever way it went. */
  readonly copies: readonly PeerCopy[];
  /** Large copies to or from the host that are no part of those: another process may have made the other half. */
  readonly halves: readonly CopyRow[];
}

/** Reads the copies of a report. */
export function readCopies(store: TraceSource, ops: GpuOps): Copied {
  const rows = readCopyRows(store, ops);
  const staged = [...driverStaged(rows), ...explicitStaged(rows)];
  const used = new Set(staged.flatMap(t => [...t.out, ...t.into]));
  return { copies: copiesOf([...directTransfers(rows), ...staged], ops), halves: rows.filter(r => isHalf(r) && !used.has(r)) };
}

/** Every copy from one GPU to another, in order of start, whichever way it went. */
export const peerCopies = (store: TraceSource, ops: GpuOps): readonly PeerCopy[] => readCopies(store, ops).copies;

/** Transfers with what their GPUs did meanwhile. */
function copiesOf(transfers: readonly Transfer[], ops: GpuOps): readonly PeerCopy[] {
  const computed = computeShare(ops);
  const out: PeerCopy[] = [];
  for (const t of transfers) {
    const [first] = t.out;
    const last = t.into.at(-1);
    if (first === undefined || last === undefined) continue;
    const hops = [...t.out, ...t.into];
    const start = min(hops, r => r.start) ?? first.start;
    const end = max(hops, r => r.end) ?? last.end;
    const sourceDevice = ops.devices.indexOf(t.source);
    const destinationDevice = ops.devices.indexOf(t.destination);
    out.push({
      form: t.form,
      source: t.source,
      destination: t.destination,
      sourceDevice,
      destinationDevice,
      bytes: sum(t.out, r => r.bytes),
      start,
      end,
      firstHopEnd: max(t.out, r => r.end) ?? end,
      lastHopStart: min(t.into, r => r.start) ?? start,
      process: first.process,
      correlation: first.correlation,
      stream: first.stream,
      op: first.op,
      lastOp: last.op,
      hiddenSource: computed(sourceDevice, start, end),
      hiddenDestination: computed(destinationDevice, start, end),
    });
  }
  return out.sort((a, b) => a.start - b.start || a.op - b.op);
}
