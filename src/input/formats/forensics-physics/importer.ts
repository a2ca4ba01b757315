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
  /** Of one pair, or of each. */
  p2p_access: z.union([z.boolean(), z.array(z.object({ src: gpu, dst: gpu, access: z.boolean() }))]).nullish(),
  host: z
    .array(z.object({ gpu, direction: z.enum(['from host', 'to host']), bytes: z.int().positive(), ms: amount, gbps: amount }))
    .nullish(),
  /** What could not be measured, and why. */
  skipped: z.array(z.string()).nullish(),
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
    const warnings = (physics.skipped ?? []).map(why => `not measured: ${why}`);
    const limits = ['Each figure is the mean of some repetitions in one process; the clocks of the GPUs meanwhile are not in it.'];
    return measurementSeries(ID, rowsOf(physics), { limits, warnings }, source, HINT);
  },
});

const rowsOf = (physics: Physics): MeasurementRow[] => {
  const base = { ...UNMEASURED, gpu_model: physics.gpu_model ?? null };
  return [
    ...physics.gemm.map(g => ({
      ...{ ...base, what: 'matmul' as const, test: `${g.m}x${g.n}x${g.k}`, from: g.gpu == null ? null : `GPU ${g.gpu}` },
      ...{ precision: g.dtype, time_us: g.ms * US_PER_MS, value: g.tflops, unit: 'TFLOP/s' as const },
    })),
    ...physics.nccl.map(n => ({
      ...{ ...base, what: 'collective' as const, test: n.op, ranks: n.ranks ?? null, bytes: n.bytes },
      ...{ time_us: n.ms * US_PER_MS, value: n.busbw_gbps, unit: 'GB/s' as const },
    })),
    ...physics.p2p.map(p => ({
      ...{ ...base, what: 'peer-copy' as const, test: 'copy', from: `GPU ${p.src}`, to: `GPU ${p.dst}`, bytes: p.bytes },
      ...{ time_us: p.ms * US_PER_MS, value: p.gbps, unit: 'GB/s' as const },
    })),
    ...(physics.host ?? []).map(h => {
      const own = `GPU ${h.gpu}`;
      const [from, to] = h.direction === 'from host' ? ['CPU', own] : [own, 'CPU'];
      return {
        ...{ ...base, what: 'host-copy' as const, test: h.direction, from, to, bytes: h.bytes },
        ...{ time_us: h.ms * US_PER_MS, value: h.gbps, unit: 'GB/s' as const },
      };
    }),
    ...accessOf(physics.p2p_access ?? []).map(a => ({
      ...{ ...base, ...a, what: 'check' as const, test: 'peer access' },
      detail: a.passed ? null : 'CUDA may not copy between the GPUs directly',
    })),
  ];
};

type Access = NonNullable<Physics['p2p_access']>;

const accessOf = (access: Access): Pick<MeasurementRow, 'from' | 'to' | 'passed'>[] =>
  typeof access === 'boolean'
    ? [{ from: null, to: null, passed: access }]
    : access.map(a => ({ from: `GPU ${a.src}`, to: `GPU ${a.dst}`, passed: a.access }));
