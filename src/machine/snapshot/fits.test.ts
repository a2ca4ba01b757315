import { describe, expect, test } from 'vitest';
import { fitsOf, type NsysSupport } from './fits.ts';

const fits = (told: Readonly<Record<string, string>>, nsys?: NsysSupport) =>
  fitsOf(
    Object.entries(told).map(([key, value]) => {
      const [entity = '', name = ''] = key.split('|');
      return { entity, name, value, unit: '' };
    }),
    nsys,
  ).map(({ of, with: to, fit, rule }) => [of.what, to.what, fit, rule]);

describe('CUDA', () => {
  test.each([
    ['12.8', '13.0', 'compatible', 'cuda-older'],
    ['12.8', '12.8', 'same', 'cuda-same'],
    ['12.4', '12.8', 'compatible', 'cuda-older'],
    ['12.9', '12.8', 'compatible', 'cuda-minor'],
    ['13.0', '12.8', 'incompatible', 'cuda-newer-major'],
    ['rocm', '12.8', 'cannot-tell', 'cuda-older'],
  ])('PyTorch built for %s under a driver of %s is %s', (built, driver, fit, rule) =>
    expect(fits({ 'software|torch_cuda': built, 'machine|cuda_version': driver })).toEqual([['torch-cuda', 'driver-cuda', fit, rule]]),
  );
  test('of NCCL and PyTorch the major version counts', () => {
    expect(fits({ 'NCCL|cuda': '12.9', 'software|torch_cuda': '12.8' })).toEqual([['nccl-cuda', 'torch-cuda', 'compatible', 'nccl-cuda']]);
    expect(fits({ 'NCCL|cuda': '13.0', 'software|torch_cuda': '12.8' })).toEqual([
      ['nccl-cuda', 'torch-cuda', 'incompatible', 'nccl-cuda'],
    ]);
    expect(fits({ 'software|nccl_cuda': '12', 'software|torch_cuda': '12.8' })[0]?.[2]).toBe('compatible');
  });
});

describe('exact versions', () => {
  test.each([
    ['2.9.0', '2.9.0+cu128', 'same'],
    ['2.9.0', '2.8.0', 'incompatible'],
  ])('vLLM asks for PyTorch %s and %s is there: %s', (needs, torch, fit) =>
    expect(fits({ 'software|vllm': '0.11.0', 'software|vllm_needs_torch': needs, 'software|torch': torch })).toEqual([
      ['vllm-needs-torch', 'torch', fit, 'required'],
    ]),
  );
  test('another NCCL ran than is installed', () =>
    expect(fits({ 'NCCL|version': '2.21.5', 'software|nccl': '2.27.5' })).toEqual([['nccl-ran', 'nccl', 'incompatible', 'loaded']]));
  test('firmware and fabric manager are of the driver’s version', () =>
    expect(
      fits({ 'machine|driver_version': '580.95.05', 'GPU 0|gsp_firmware_version': '580.95.05', 'fabric manager|version': '570.1' }),
    ).toEqual([
      ['gsp-firmware', 'driver', 'same', 'firmware'],
      ['fabric-manager', 'driver', 'incompatible', 'fabric-manager'],
    ]));
});

test('an nsys of before the driver’s major version does not fit', () => {
  const told = { 'software|nsys': '2024.6.2', 'machine|cuda_version': '13.0' };
  expect(fits(told, 'too-old')).toEqual([['nsys', 'driver-cuda', 'incompatible', 'nsys']]);
  expect(fits(told, 'older')[0]?.[2]).toBe('compatible');
  expect(fits(told)).toEqual([]);
});
test('of what is not known nothing is said', () => expect(fits({ 'software|torch': '2.9.0' })).toEqual([]));
