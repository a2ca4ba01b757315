import type { Bytes, Ns, Share } from '#core/units';
/** How a copy between two GPUs travelled. */
export const FORMS = ['direct', 'driver-staged', 'explicit-staged'] as const;
export type Form = (typeof FORMS)[number];

/**
 * One copy from a GPU to another. Times count from the start of the session.
 * - direct: one row, copy_kind 10: the source wrote to, or the destination read from, the other's memory
 * - driver-staged: one call, but two kinds of row under its correlation id: device to host, then host to device, between device memories
 * - explicit-staged: the program downloaded to host memory and uploaded from it
 */
export interface PeerCopy {
  readonly form: Form;
  /** Physical GPUs, as ops.devices names them. */
  readonly source: string;
  readonly destination: string;
  /** Positions in ops.devices; -1 where the trace saw that GPU do nothing. */
  readonly sourceDevice: number;
  readonly destinationDevice: number;
  readonly bytes: Bytes;
  readonly start: Ns;
  /** Of the last hop. */
  readonly end: Ns;
  /** End of the first hop and start of the last: equal to `end` and `start` for a direct copy. */
  readonly firstHopEnd: Ns;
  readonly lastHopStart: Ns;
  /** Index into ops.processes. */
  readonly process: number;
  /** Of the (first) copy. */
  readonly correlation: number;
  readonly stream: number;
  /** Index in GpuOps of the (first) copy, and of the last hop: equal for a direct copy. */
  readonly op: number;
  readonly lastOp: number;
  /** Shares of its time, from the first byte's start to the last one's end, in which the GPU computed; undefined for a GPU not in the trace. */
  readonly hiddenSource: Share | undefined;
  readonly hiddenDestination: Share | undefined;
}

export const isStaged = (copy: PeerCopy): boolean => copy.form !== 'direct';
/** The rate of a copy, GB/s: that is bytes per ns. */
export const gbpsOf = (copy: Pick<PeerCopy, 'bytes' | 'start' | 'end'>): number => copy.bytes / (copy.end - copy.start);
