import fc from 'fast-check';
import { lined, writing } from '#test/valid-rows';

const RANKS = 4;
const hundredths = fc.integer({ min: 1, max: 100_000 }).map(n => n / 100);
const rows = fc.array(fc.tuple(hundredths, hundredths), { minLength: 1, maxLength: 5 }).map(all =>
  all.map(([time_us, value], i) => ({
    ...{ what: 'collective', test: 'all_reduce', gpu_model: 'NVIDIA H100', ranks: RANKS, precision: 'float32', bytes: 2 ** (20 + i) },
    ...{ time_us, value, unit: 'GB/s', passed: null as boolean | null },
  })),
);
const CHECK = {
  what: 'check',
  test: 'values are right',
  gpu_model: 'NVIDIA H100',
  ranks: RANKS,
  precision: null,
  bytes: null,
  time_us: null,
  value: null,
  unit: '',
  passed: true,
};

/** 2.13 and later. The bus is busier than the algorithm by 2 (n - 1) / n: an all-reduce. */
export default writing(
  rows.map(all => [...all, CHECK]),
  all =>
    lined([
      '# nThread 1 nGpus 4 minBytes 1048576 maxBytes 4194304 step: 2(factor) warmup iters: 5 iters: 20 agg iters: 1 validation: 1 graph: 0',
      '#',
      '# Collective test starting: all_reduce_perf',
      ...Array.from({ length: RANKS }, (_, i) => `#  Rank  ${i} Group  0 Pid   4711 on      host device  ${i} [0x1b] NVIDIA H100`),
      '#       size         count      type   redop    root     time   algbw   busbw #wrong     time   algbw   busbw #wrong',
      ...all.flatMap(({ bytes, time_us, value }) =>
        bytes === null
          ? []
          : [
              `     ${bytes}        ${bytes / 4}     float     sum      -1    ${time_us?.toFixed(2)}   ${((value ?? 0) / 1.5).toFixed(2)}   ${value?.toFixed(2)}      0    27.90   37.58   56.37      0`,
            ],
      ),
      '# Out of bounds values : 0 OK',
      '# Avg bus bandwidth    : 92.5633 ',
    ]),
);
