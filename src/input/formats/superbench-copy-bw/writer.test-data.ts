import fc from 'fast-check';
import { lined, writing } from '#test/valid-rows';

const COPIES = {
  cpu_to_gpu0_by_dma_under_numa0: { what: 'host-copy', from: 'CPU', to: 'GPU 0', both_ways: false },
  gpu0_to_gpu0_by_dma: { what: 'device-copy', from: 'GPU 0', to: 'GPU 0', both_ways: false },
  gpu0_to_gpu1_write_by_dma: { what: 'peer-copy', from: 'GPU 0', to: 'GPU 1', both_ways: false },
  gpu0_and_gpu1_write_by_dma: { what: 'peer-copy', from: 'GPU 0', to: 'GPU 1', both_ways: true },
} as const;
const ALL = Object.values(COPIES);
const rows = fc
  .tuple(...ALL.map(() => fc.integer({ min: 1, max: 20_000 })))
  .map(tenths => ALL.map((copy, i) => ({ ...copy, value: (tenths[i] ?? 0) / 10, unit: 'GB/s' })));

export default writing(rows, all => lined(Object.keys(COPIES).map((name, i) => `${name} ${all[i]?.value.toFixed(1)}`)));
