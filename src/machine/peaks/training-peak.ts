import { boardOf } from './boards.ts';

/** Peak of a GPU's tensor cores, operations a second, of which precision, and who says so. */
export interface Peak {
  readonly flops: number;
  readonly precision: string;
  readonly source: string;
}

const TERA = 1e12;

/** The peak that a training is held against: BF16, or FP16 where the tensor cores know no other. Undefined where it is not published. @param gpu the driver's name */
export function peakOf(gpu: string): Peak | undefined {
  const board = boardOf(gpu);
  const { bfloat16, float16 } = board?.tflops ?? {};
  if (board === undefined) return undefined;
  if (bfloat16 !== undefined) return { flops: bfloat16 * TERA, precision: 'dense BF16', source: board.source };
  return float16 === undefined ? undefined : { flops: float16 * TERA, precision: 'FP16', source: board.source };
}
