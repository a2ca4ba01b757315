import type { Ns, Share } from '#core/units';
import type { ScheduleName } from '#schema/pipeline';
import type { OperationKind } from '../grammar/meaning.ts';

/** One operation of a schedule. */
export interface Slot {
  readonly kind: OperationKind;
  readonly microbatch: number;
  readonly stage: number;
}

/** Stages of a pipeline: p devices with v virtual stages each, and m microbatches. */
export interface Shape {
  readonly p: number;
  readonly m: number;
  readonly v: number;
}

/** What an operation of each kind takes, a mean over the stages. */
export interface Times {
  readonly F: Ns;
  /** Of the inputs alone where the weights have their own operation, else of both. */
  readonly B: Ns;
  readonly W: Ns;
  /** A whole backward, of inputs and weights, whether split or not. */
  readonly backward: Ns;
}

/** A schedule as the literature has it. */
export interface Textbook {
  readonly name: ScheduleName;
  /** Where order and bubble were taken from. */
  readonly source: string;
  readonly fits: (shape: Shape) => boolean;
  /** The operations of one rank, in order. */
  readonly order: (rank: number, shape: Shape) => readonly Slot[];
  /** Idle time over ideal time where all stages take the same time; undefined where theory gives none. */
  readonly overhead?: (shape: Shape, times: Times) => number | undefined;
  /** Activations and gradients that pass from one device to another. */
  readonly handoffs: (shape: Shape) => number;
}

export const slot = (kind: OperationKind, microbatch: number, stage: number): Slot => ({ kind, microbatch, stage });
export const slotKey = (o: Slot): string => `${o.kind}${o.microbatch}.${o.stage}`;

/** Every stage but the last passes each microbatch on, and every stage but the first passes its gradient back. */
export const chainHandoffs = ({ p, m, v }: Shape): number => 2 * m * (p * v - 1);
/** The share of the whole that an overhead on the ideal is. */
export const shareOf = (overhead: number): Share => overhead / (1 + overhead);
export const range = (n: number): number[] => Array.from({ length: Math.max(0, n) }, (_, i) => i);
