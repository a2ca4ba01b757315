import fc from 'fast-check';
import { writing } from '#test/valid-rows';

const power = fc.record({
  min_w: fc.integer({ min: 1, max: 500 }),
  mean_w: fc.integer({ min: 501, max: 1000 }),
  max_w: fc.integer({ min: 1001, max: 1400 }),
  energy_j: fc.integer({ min: 1, max: 1_000_000 }),
  samples: fc.integer({ min: 2, max: 1000 }),
  sampled_s: fc.integer({ min: 60, max: 600 }),
});
const rows = power.map(all => [{ gpus: 2, requested_rate: 12.5, power: { ...all, requested_s: 60 } }]);

export default writing(rows, all => {
  const [{ power: p } = { power: undefined }] = all;
  const span = { min_watts: p?.min_w, max_watts: p?.max_w, avg_watts: p?.mean_w };
  return JSON.stringify({
    command: ['torchrun', 'ch16/inference_server_load_test.py', '--duration', '60', '--target-qps', '12.5'],
    ...{ samples: p?.samples, duration: p?.sampled_s, total_power: span, energy_joules: p?.energy_j },
    per_device: [0, 1].map(gpu_index => ({ gpu_index, ...span })),
  });
});
