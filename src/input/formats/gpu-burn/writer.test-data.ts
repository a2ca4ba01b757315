import fc from 'fast-check';
import { lined, writing } from '#test/valid-rows';

const gpus = fc.array(fc.tuple(fc.integer({ min: 1, max: 400_000 }), fc.boolean()), { minLength: 1, maxLength: 4 });
const rows = gpus.map(all => [
  ...all.map(([gflops], gpu) => ({
    what: 'burn',
    from: `GPU ${gpu}`,
    value: (gflops / 1000) as number | null,
    passed: null as boolean | null,
  })),
  ...all.map(([, passed], gpu) => ({ what: 'check', from: `GPU ${gpu}`, value: null, passed })),
]);

export default writing(rows, all => {
  const burnt = all.flatMap(({ value }) => (value === null ? [] : [value]));
  return lined([
    ...burnt.map((_, gpu) => `GPU ${gpu}: NVIDIA A100-SXM4-80GB (UUID: GPU-${gpu})`),
    ...burnt.map(
      (_, gpu) =>
        `Initialized device ${gpu} with 81251 MB of memory (80493 MB available, using 72443 MB of it), using FLOATS, using Tensor Cores`,
    ),
    `100.0%  proc'd: ${burnt.map(tflops => `5620 (${Math.round(tflops * 1000)} Gflop/s)`).join(' - ')}   errors: 0 - 0   temps: 61 C - 63 C `,
    'Killing processes.. done',
    '',
    `Tested ${burnt.length} GPUs:`,
    ...all.flatMap(({ what, from, passed }) => (what === 'check' ? [`\t${from}: ${passed === true ? 'OK' : 'FAULTY'}`] : [])),
  ]);
});
