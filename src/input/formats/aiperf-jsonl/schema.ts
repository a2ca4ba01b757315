import { z } from 'zod';

/** parseExact hands over integers of `*_ns` fields as strings of their digits. */
const stamp = z.string().regex(/^\d+$/).transform(BigInt);
const optionalStamp = stamp.nullish().transform(ns => ns ?? null);
const value = z.object({ value: z.union([z.number().nonnegative(), z.array(z.number().nonnegative())]), unit: z.string() });
const metric = value.optional();

/** One line, as MetricRecordInfo of AIPerf has it; of the metrics only those that are used here. */
export const AiperfRecord = z.object({
  metadata: z.object({
    session_num: z.number().nullish(),
    x_request_id: z.string().nullish(),
    benchmark_phase: z.string().default('profiling'),
    credit_issued_ns: optionalStamp,
    request_start_ns: stamp,
    request_end_ns: optionalStamp,
    was_cancelled: z.boolean().nullish(),
  }),
  metrics: z
    .object({
      time_to_first_token: metric,
      request_latency: metric,
      input_sequence_length: metric,
      output_sequence_length: metric,
      inter_chunk_latency: metric,
      error_isl: metric,
    })
    .nullish(),
  error: z.looseObject({}).nullish(),
});
export type AiperfRecord = z.infer<typeof AiperfRecord>;
export type AiperfMetric = z.infer<typeof value> | undefined;
