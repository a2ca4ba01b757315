import { range, type Shape } from './textbook.ts';

/** Microbatch and chunk of one step. */
export interface Step {
  readonly microbatch: number;
  readonly chunk: number;
}

/**
 * Microbatches that pass through one chunk before the next chunk has its turn: p in Megatron-LM, which wants m to be a multiple of it; in
 * torch.distributed.pipelining m over as many rounds as p goes into m.
 */
export const roundSize = ({ p, m }: Shape): number => Math.floor(m / Math.max(1, Math.floor(m / p)));

/** Whether every round is whole. */
export const hasWholeRounds = (shape: Shape): boolean => shape.m % Math.max(1, Math.floor(shape.m / shape.p)) === 0;

/** Microbatch and chunk of every step: a round of one chunk, then the same of the next one. */
export function rounds(shape: Shape): Step[] {
  const { m, v } = shape;
  const size = roundSize(shape);
  return range(Math.ceil(m / size)).flatMap(turn =>
    range(v).flatMap(chunk => range(Math.min(size, m - turn * size)).map(i => ({ microbatch: turn * size + i, chunk }))),
  );
}
