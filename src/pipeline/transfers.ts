import type { PeerCopy } from '#copies/peer-copy';
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
  const out = sources.flatMap(({ copies, ops, host, offset }, source) =>
    copies
      .filter(c => c.sourceDevice >= 0 && c.destinationDevice >= 0)
      .map((copy): Transfer => {
        const call = host.api.find(ops.processes[copy.process] ?? 0, copy.correlation);
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
          launched: call < 0 ? Number.NaN : (host.api.start[call] ?? 0) + offset,
          op: copy.op,
          copy,
        };
      }),
  );
  return out.sort((a, b) => a.start - b.start);
}
