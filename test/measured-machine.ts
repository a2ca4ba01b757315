import type { MeasurementRow } from '#schema/measurement';
import type { GpuSampleRow, GpuSeries } from '#schema/relation';

/** A machine to measure: what it reaches, and what is wrong with it. */
export interface Planted {
  readonly gpus?: number;
  readonly model?: string | null;
  /** Times as slow, of one GPU's products. */
  readonly slowGpu?: { readonly gpu: number; readonly by: number };
  readonly slowPair?: { readonly from: number; readonly to: number; readonly by: number };
  /** Times as slow, of all copies and collectives. */
  readonly slowLinks?: number;
  readonly sizes?: readonly number[];
}

const MIB = 2 ** 20;
export const ALL_SIZES: readonly number[] = Array.from({ length: 11 }, (_, i) => 1024 * 4 ** i);
/** An H200's: share of the peak of each precision that a healthy one reaches, TFLOP/s. */
const RATES = { bfloat16: 780, float16: 740, tf32: 400, float32: 50, float8: 1400 } as const;
const [LINK_GB_S, LATENCY_US] = [385, 12];
const SHAPE = 8192;

const UNKNOWN: Omit<MeasurementRow, 'what' | 'test'> = {
  ...{ gpu_model: null, from: null, to: null, both_ways: false, ranks: null, precision: null, bytes: null },
  ...{ time_us: null, value: null, unit: '', passed: null, detail: null },
};

/** A measurement of which only some is said. */
export const row = (of: Partial<MeasurementRow> & Pick<MeasurementRow, 'what' | 'test'>): MeasurementRow => ({ ...UNKNOWN, ...of });

/** Within a percent of one, the same for the same GPU and test: healthy GPUs are not alike. */
const wobble = (seed: number): number => 1 + 0.01 * Math.sin(seed * 12.9898);

const message = (bytes: number, gbPerS: number, latencyUs: number) => {
  const time_us = latencyUs + bytes / (gbPerS * 1000);
  return { bytes, time_us, value: bytes / time_us / 1000, unit: 'GB/s' as const };
};

/** What tests of such a machine find. */
export function measured({
  gpus = 8,
  model = 'NVIDIA H200',
  slowGpu,
  slowPair,
  slowLinks = 1,
  sizes = ALL_SIZES,
}: Planted = {}): MeasurementRow[] {
  const numbers = Array.from({ length: gpus }, (_, i) => i);
  const products = numbers.flatMap(gpu =>
    Object.entries(RATES).map(([precision, rate]) => {
      const by = slowGpu?.gpu === gpu ? slowGpu.by : 1;
      return row({
        ...{ what: 'matmul', test: `${SHAPE}x${SHAPE}x${SHAPE}`, gpu_model: model, from: `GPU ${gpu}`, precision },
        ...{ value: (rate * wobble(gpu + rate)) / by, unit: 'TFLOP/s' },
      });
    }),
  );
  const copies = numbers.flatMap(from =>
    numbers
      .filter(to => to !== from)
      .flatMap(to => {
        const by = slowLinks * (slowPair?.from === from && slowPair.to === to ? slowPair.by : 1);
        const rate = (LINK_GB_S * wobble(from * gpus + to)) / by;
        const pair = { gpu_model: model, from: `GPU ${from}`, to: `GPU ${to}` };
        return sizes.map(bytes => row({ what: 'peer-copy', test: 'copy', ...pair, ...message(bytes, rate, LATENCY_US) }));
      }),
  );
  const reduced = sizes.map(bytes =>
    row({ what: 'collective', test: 'all_reduce', gpu_model: model, ranks: gpus, ...message(bytes, 350 / slowLinks, 30) }),
  );
  return [...products, ...(gpus > 1 ? [...copies, ...reduced] : [])];
}

export const LARGEST = 1024 * MIB;

const sample = (t_ms: number, gpu: number, of: Partial<GpuSampleRow>): GpuSampleRow => ({
  ...{ t_ms, gpu, name: 'NVIDIA H200', power_w: 650, power_limit_w: 700, sm_clock_mhz: 1980, mem_clock_mhz: 3201 },
  ...{ temperature_c: 60, utilization_pct: 100, memory_used_mib: 1000, event_reasons: 0 },
  ...of,
});

/** Readings of GPUs at work. @param odd what is different of one GPU */
export const sampled = (gpus: number, odd: Partial<GpuSampleRow> & { readonly gpu: number }): GpuSeries => ({
  ...{ kind: 'gpu', format: 'test', clock: { kind: 'relative' }, origin_ns: 0n, limits: [], warnings: [], cards: new Map(), ranBack_ms: 0 },
  rows: Array.from({ length: 4 * gpus }, (_, i) => sample(Math.floor(i / gpus) * 100, i % gpus, i % gpus === odd.gpu ? odd : {})),
});
