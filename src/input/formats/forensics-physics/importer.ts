// Format: physics.json, as workloads/phys.py of this repository leaves it.

import { z } from 'zod';
import { measurementSeries, UNMEASURED } from '#input/series/measurement-series';
import { smallJson } from '#input/text/json-document';
import { validate } from '#input/text/validate';
import type { MeasurementRow } from '#schema/measurement';
import type { MeasurementSeries } from '#schema/relation';
import { defineImporter } from '../define.ts';

const ID = 'forensics-physics';
const HINT = 'Give the physics.json that workloads/phys.py left.';

const amount = z.number().nonnegative();
const gpu = z.int().nonnegative();
const Physics = z.object({
  gpu_model: z.string().nullish(),
  gemm: z.array(
    z.object({
      gpu: gpu.nullish(),
      dtype: z.string(),
      m: z.int().positive(),
      n: z.int().positive(),
      k: z.int().positive(),
      ms: amount,
      tflops: amount,
    }),
  ),
  nccl: z.array(
    z.object({
      op: z.string(),
      ranks: z.int().positive().nullish(),
      bytes: z.int().positive(),
      ms: amount,
      algbw_gbps: amount,
      busbw_gbps: amount,
    }),
  ),
  p2p: z.array(z.object({ src: gpu, dst: gpu, bytes: z.int().positive(), ms: amount, gbps: amount })),
  p2p_access: z.boolean().nullish(),
});
type Physics = z.infer<typeof Physics>;

const US_PER_MS = 1000;

export default defineImporter({
  id: ID,
  kind: 'measurements',
  title: 'workloads/phys.py (physics.json)',
  extensions: ['.json'],
  keys: ['gemm', 'nccl', 'p2p'],
  sniff: head => /^\ufeff?\s*\{/.test(head) && /"gemm"\s*:\s*\[/.test(head) && head.includes('"tflops"'),
  parse: (text, source): MeasurementSeries => {
    const physics = validate(Physics, smallJson(text, source, HINT), { source }, HINT);
    const limits = ['Each figure is the mean of some repetitions in one process; the clocks of the GPUs meanwhile are not in it.'];
    return measurementSeries(ID, rowsOf(physics), { limits, warnings: [] }, source, HINT);
  },
});

const rowsOf = ({ gpu_model = null, gemm, nccl, p2p, p2p_access }: Physics): MeasurementRow[] => {
  const base = { ...UNMEASURED, gpu_model };
  return [
    ...gemm.map(g => ({
      ...base,
      what: 'matmul' as const,
      test: `${g.m}x${g.n}x${g.k}`,
      from: g.gpu == null ? null : `GPU ${g.gpu}`,
      precision: g.dtype,
      time_us: g.ms * US_PER_MS,
      value: g.tflops,
      unit: 'TFLOP/s' as const,
    })),
    ...nccl.map(n => ({
      ...base,
      what: 'collective' as const,
      test: n.op,
      ranks: n.ranks ?? null,
      bytes: n.bytes,
      time_us: n.ms * US_PER_MS,
      value: n.busbw_gbps,
      unit: 'GB/s' as const,
    })),
    ...p2p.map(p => ({
      ...base,
      what: 'peer-copy' as const,
      test: 'copy',
      from: `GPU ${p.src}`,
      to: `GPU ${p.dst}`,
      bytes: p.bytes,
      time_us: p.ms * US_PER_MS,
      value: p.gbps,
      unit: 'GB/s' as const,
    })),
    ...(p2p_access == null
      ? []
      : [
          {
            ...base,
            what: 'check' as const,
            test: 'peer access',
            passed: p2p_access,
            detail: p2p_access ? null : 'CUDA may not copy between the GPUs directly',
          },
        ]),
  ];
};
