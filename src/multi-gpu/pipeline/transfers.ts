import { sum } from 'd3-array';
import { realAt, valueAt } from '#core/columns';
import type { CopyRow } from '#multi-gpu/peer-copies/copy-rows';
import type { PeerCopy } from '#multi-gpu/peer-copies/peer-copy';
import { stagedAcross } from '#multi-gpu/peer-copies/transfer';
import type { PipelineSource } from './source.ts';

/** Data that went from one GPU to another by copies. Times in ns on the clock that all reports share. */
export interface Transfer {
  readonly start: number;
  readonly end: number;
  readonly bytes: number;
  /** Devices as `report:device`. */
  readonly from: string;
  readonly to: string;
  /** Through the host: down to it, and up again. */
  readonly staged: boolean;
  /** When the sending and when the receiving device was copying. */
  readonly sent: readonly [number, number];
  readonly received: readonly [number, number];
  /** Index of its report. */
  readonly source: number;
  readonly stream: number;
  /** Process and correlation id of its first copy. */
  readonly id: string;
  /** When the launch of its first copy began, NaN where unknown. */
  readonly launched: number;
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

/** Transfers through the host of which one process made the first half and another one, perhaps in another report, the second. */
function acrossProcesses(sources: readonly PipelineSource[]): Transfer[] {
  const homes = new Map<CopyRow, { readonly source: number; readonly device: number; readonly process: number }>();
  const processes = new Map<string, number>();
  const rows = sources.flatMap(({ halves = [], ops, clock: { offset } }, source) =>
    halves.flatMap(half => {
      const device = ops.devices.indexOf(half.device);
      if (device < 0) return [];
      const key = `${source}:${half.process}`;
      const process = processes.get(key) ?? processes.size;
      processes.set(key, process);
      const row = { ...half, start: half.start + offset, end: half.end + offset, device: `${source}:${device}`, process };
      homes.set(row, { source, device, process: half.process });
      return [row];
    }),
  );
  // Two clocks are wrong by the sum of what each may be wrong by; the worst pair bounds all.
  const residuals = sources.map(s => s.clock.residual).sort((a, b) => b - a);
  const found = stagedAcross(
    rows.sort((a, b) => a.start - b.start),
    sum(residuals.slice(0, 2)),
  );
  return found.flatMap(({ out, into }): Transfer[] => {
    const [down, up] = [out[0], into[0]];
    const [from, to] = [down && homes.get(down), up && homes.get(up)];
    if (down === undefined || up === undefined || from === undefined || to === undefined) return [];
    const at = sources[from.source];
    const call = at?.host.api.find(valueAt(at.ops.processes, from.process), down.correlation) ?? -1;
    // By a clock that is a little off, it may seem to arrive before it was sent.
    const end = Math.max(up.end, down.end);
    const labelOf = ({ source, device }: typeof from) => {
      const known = sources[source];
      return `${sources.length > 1 ? `${known?.label} ` : ''}${known?.ops.devices[device]}`;
    };
    return [
      {
        start: down.start,
        end,
        bytes: down.bytes,
        from: down.device,
        to: up.device,
        staged: true,
        sent: [down.start, down.end],
        received: [up.start, up.end],
        source: from.source,
        stream: down.stream,
        id: `${from.process}:${down.correlation}`,
        launched: call < 0 ? Number.NaN : realAt(at?.host.api.start, call) + (at?.clock.offset ?? 0),
        op: down.op,
        copy: {
          form: 'explicit-staged',
          source: labelOf(from),
          destination: labelOf(to),
          sourceDevice: from.device,
          destinationDevice: to.device,
          bytes: down.bytes,
          start: down.start,
          end,
          firstHopEnd: down.end,
          lastHopStart: up.start,
          process: from.process,
          correlation: down.correlation,
          stream: down.stream,
          op: down.op,
          lastOp: up.op,
          hiddenSource: undefined,
          hiddenDestination: undefined,
        },
      },
    ];
  });
}

/** Copies between GPUs that only the reports together show. */
export const copiesAcross = (sources: readonly PipelineSource[]): PeerCopy[] => acrossProcesses(sources).map(t => t.copy);
