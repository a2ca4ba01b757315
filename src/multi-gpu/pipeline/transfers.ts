import { sum } from 'd3-array';
import { itemAt, realAt, valueAt } from '#core/columns';
import type { Bytes, Ns } from '#core/units';
import type { CopyRow } from '#multi-gpu/peer-copies/copy-rows';
import type { PeerCopy } from '#multi-gpu/peer-copies/peer-copy';
import { stagedAcross } from '#multi-gpu/peer-copies/transfer';
import type { PipelineSource } from './source.ts';

/** Data that went from one GPU to another by copies. Times on the clock that all reports share. */
export interface Transfer {
  readonly start: Ns;
  readonly end: Ns;
  readonly bytes: Bytes;
  /** Devices as `report:device`. */
  readonly from: string;
  readonly to: string;
  /** Through the host: down to it, and up again. */
  readonly staged: boolean;
  /** When the sending and when the receiving device was copying. */
  readonly sent: readonly [Ns, Ns];
  readonly received: readonly [Ns, Ns];
  /** Index of its report. */
  readonly source: number;
  readonly stream: number;
  /** Process and correlation id of its first copy. */
  readonly id: string;
  /** When the launch of its first copy began, NaN where unknown. */
  readonly launched: Ns;
  /** Its first copy, as GpuOps of its report counts. */
  readonly op: number;
  readonly copy: PeerCopy;
}

/** Every transfer between GPUs that was a copy, direct or staged through the host, in order of start. */
export function readTransfers(sources: readonly PipelineSource[]): Transfer[] {
  const out = sources.flatMap(({ copies, ops, host, clock: { offset } }, source) =>
    copies
      .filter(c => c.sourceDevice >= 0 && c.destinationDevice >= 0)
      .map((copy): Transfer => {
        const call = host.api.find(valueAt(ops.processes, copy.process), copy.correlation);
        const [start, end] = [copy.start + offset, copy.end + offset];
        const staged = copy.form !== 'direct';
        return {
          start,
          end,
          bytes: copy.bytes,
          from: `${source}:${copy.sourceDevice}`,
          to: `${source}:${copy.destinationDevice}`,
          staged,
          sent: [start, staged ? copy.firstHopEnd + offset : end],
          received: [staged ? copy.lastHopStart + offset : start, end],
          source,
          stream: copy.stream,
          id: `${copy.process}:${copy.correlation}`,
          launched: call < 0 ? Number.NaN : realAt(host.api.start, call) + offset,
          op: copy.op,
          copy,
        };
      }),
  );
  return [...out, ...acrossProcesses(sources)].sort((a, b) => a.start - b.start);
}

/** Where a copy was recorded: its report, the GPU in it and the process. */
interface Home {
  readonly source: number;
  readonly device: number;
  readonly process: number;
}
/** A half on the clock that all reports share, with process and device numbered over all of them. */
interface Half {
  readonly row: CopyRow;
  readonly home: Home;
}

function halvesOf(sources: readonly PipelineSource[]): Half[] {
  const processes = new Map<string, number>();
  return sources.flatMap(({ halves = [], ops, clock: { offset } }, source) =>
    halves.flatMap((half): Half[] => {
      const device = ops.devices.indexOf(half.device);
      if (device < 0) return [];
      const key = `${source}:${half.process}`;
      const process = processes.get(key) ?? processes.size;
      processes.set(key, process);
      const row = { ...half, start: half.start + offset, end: half.end + offset, device: `${source}:${device}`, process };
      return [{ row, home: { source, device, process: half.process } }];
    }),
  );
}

/** Transfers through the host of which one process made the first half and another one, perhaps in another report, the second. */
function acrossProcesses(sources: readonly PipelineSource[]): Transfer[] {
  const halves = halvesOf(sources);
  const homes = new Map(halves.map(h => [h.row, h.home]));
  // Two clocks are wrong by the sum of what each may be wrong by; the worst pair bounds all.
  const residuals = sources.map(s => s.clock.residual).sort((a, b) => b - a);
  const found = stagedAcross(
    halves.map(h => h.row).sort((a, b) => a.start - b.start),
    sum(residuals.slice(0, 2)),
  );
  return found.flatMap(({ out, into }): Transfer[] => {
    const [down, up] = [out[0], into[0]];
    const [from, to] = [down && homes.get(down), up && homes.get(up)];
    if (down === undefined || up === undefined || from === undefined || to === undefined) return [];
    return [joined(sources, { row: down, home: from }, { row: up, home: to })];
  });
}

/** A download and the upload that carries it on, as one transfer. */
function joined(sources: readonly PipelineSource[], { row: down, home: from }: Half, { row: up, home: to }: Half): Transfer {
  const {
    host,
    ops,
    clock: { offset },
  } = itemAt(sources, from.source);
  const call = host.api.find(valueAt(ops.processes, from.process), down.correlation);
  // By a clock that is a little off, it may seem to arrive before it was sent.
  const end = Math.max(up.end, down.end);
  const labelOf = ({ source, device }: Home) => {
    const known = itemAt(sources, source);
    return `${sources.length > 1 ? `${known.label} ` : ''}${known.ops.devices[device]}`;
  };
  const { start, bytes, correlation, stream, op } = down;
  return {
    ...{ start, end, bytes, from: down.device, to: up.device, staged: true },
    sent: [start, down.end],
    received: [up.start, up.end],
    ...{ source: from.source, stream, id: `${from.process}:${correlation}`, op },
    launched: call < 0 ? Number.NaN : realAt(host.api.start, call) + offset,
    copy: {
      form: 'explicit-staged',
      source: labelOf(from),
      destination: labelOf(to),
      sourceDevice: from.device,
      destinationDevice: to.device,
      ...{ bytes, start, end, firstHopEnd: down.end, lastHopStart: up.start },
      ...{ process: from.process, correlation, stream, op, lastOp: up.op },
      hiddenSource: undefined,
      hiddenDestination: undefined,
    },
  };
}

/** Copies between GPUs that only the reports together show. */
export const copiesAcross = (sources: readonly PipelineSource[]): PeerCopy[] => acrossProcesses(sources).map(t => t.copy);
