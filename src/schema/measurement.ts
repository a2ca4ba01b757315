import { z } from 'zod';

/** What a test of a machine's speed or soundness is about. */
export const MEASURED = ['matmul', 'host-copy', 'peer-copy', 'device-copy', 'collective', 'latency', 'burn', 'check'] as const;

/** One figure of a test program that ran on a machine: a product of matrices, a copy, a collective, a check that passed or failed. */
export const MeasurementRow = z.strictObject({
  what: z.enum(MEASURED),
  /** As the tool names it: "device_to_device_memcpy_read_ce", "all_reduce", "8192x8192x8192". */
  test: z.string(),
  gpu_model: z.string().nullable(),
  /** "GPU 0", "CPU", "CPU 1"; null where the figure is of several together, or the tool does not say. */
  from: z.string().nullable(),
  to: z.string().nullable(),
  /** Traffic goes both ways at once, and the figure is the sum. */
  both_ways: z.boolean(),
  /** GPUs that took part together. */
  ranks: z.int().positive().nullable(),
  /** "bfloat16", "float16", "float32", "tf32", "float64", "float8". */
  precision: z.string().nullable(),
  bytes: z.number().nonnegative().nullable(),
  time_us: z.number().nonnegative().nullable(),
  /** Of a collective its bus bandwidth, which does not depend on the number of GPUs (nccl-tests, doc/PERFORMANCE.md). */
  value: z.number().nonnegative().nullable(),
  unit: z.enum(['TFLOP/s', 'GB/s', 'ns', 'errors', '']),
  /** null where nobody judged. */
  passed: z.boolean().nullable(),
  /** What a check that failed said. */
  detail: z.string().nullable(),
});
export type MeasurementRow = z.infer<typeof MeasurementRow>;
