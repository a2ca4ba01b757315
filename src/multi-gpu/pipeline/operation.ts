import type { Spans } from '#core/math/spans';
import type { Ns } from '#core/units';
import type { OperationKind, PhaseName } from './grammar/meaning.ts';
import type { Recognised } from './recognised.ts';

/** A stretch in which a device had nothing to run because a launch had not begun. On the clock that all reports share. */
export interface LateLaunch {
  readonly from: Ns;
  readonly to: Ns;
  /** What was launched at last, as GpuOps of its report counts. */
  readonly op: number;
}

/** Work of one range on one GPU, before its place in the pipeline is known. Times on the clock that all reports share. */
export interface FoundOperation {
  readonly kind: OperationKind;
  readonly microbatch: number | undefined;
  readonly stage: number | undefined;
  readonly chunk: number | undefined;
  readonly rank: number | undefined;
  /** Index of its report, and of the GPU in it. */
  readonly source: number;
  readonly device: number;
  /** When its kernels ran, ns: a union, so that nothing else that ran in between is counted. */
  readonly work: Spans;
  /** When the launch of its first kernel began, NaN where unknown. */
  readonly launched: Ns;
  /** Its first kernel, as GpuOps of its report counts. */
  readonly op: number;
  /** When, inside the operation, its next kernel had not been launched yet. */
  readonly late: readonly LateLaunch[];
  /** The range that encloses it, as `label iteration`, where one does. */
  readonly iteration: { readonly label: string | undefined; readonly number: number } | undefined;
  /** Streams that its kernels ran on. */
  readonly streams: ReadonlySet<number>;
  /** What the program calls the phase that it belongs to, where it says. */
  readonly phase: PhaseName | undefined;
}

/** One operation in its place. Times on the clock that all reports share. */
export interface Operation {
  readonly kind: OperationKind;
  readonly microbatch: number;
  /** Virtual stage, 0 to p·v − 1. */
  readonly stage: number;
  /** Position of its device in the pipeline, 0 to p − 1. */
  readonly rank: number;
  readonly start: Ns;
  readonly end: Ns;
  readonly work: Spans;
  /** When the launch of its first kernel began, NaN where unknown. */
  readonly launched: Ns;
  /** Index of its report, and its first kernel as GpuOps of that counts. */
  readonly source: number;
  readonly op: number;
  readonly late: readonly LateLaunch[];
  readonly streams: ReadonlySet<number>;
  /** What the program calls the phase that it belongs to, where it says. */
  readonly phase: PhaseName | undefined;
}

/** One pass of all microbatches through the pipeline, forward and backward. */
export interface Iteration {
  /** What the program calls the schedule, where a range says. */
  readonly label: string | undefined;
  /** Devices, microbatches, and virtual stages a device. */
  readonly p: number;
  readonly m: number;
  readonly v: number;
  /** The device of each rank, as `report:device`. */
  readonly devices: readonly string[];
  /** In order of start. None where only the bubble is known. */
  readonly operations: readonly Operation[];
  /** From the first to the last compute on any device, ns, where that is more than the operations. */
  readonly span?: readonly [Ns, Ns];
  /** Messages of an iteration of which nothing else is known: iterations that differ in them are not of one schedule. */
  readonly messages?: number;
  /** Which schedule it is, where that was found out together with the operations. */
  readonly recognised?: Recognised;
}
