import { expect, test } from 'vitest';
import { isTraining, trainingKernels } from './training-kernels.ts';

const known = (...names: string[]) => {
  const found = trainingKernels({ names: new Map(names.map((name, id) => [id, name])) });
  return [[...found.optimizer].map(id => names[id]), [...found.backward].map(id => names[id])];
};

test.each([
  'multi_tensor_apply_kernel',
  'FusedAdamMathFunctor',
  'adam_kernel',
  'LAMBStage1Functor',
  'sgd_step',
  'SGDFunctor',
  'fused_adamw',
])('%s is an optimizer’s', name => expect(known(name)).toEqual([[name], []]));

test.each([
  'layer_norm_backward',
  'GammaBetaBackwardCUDAKernelTemplate',
  'flash_bwd_kernel',
  'cudnn_dgrad',
  'layer_norm_grad_input_kernel',
])('%s is a backward pass’s', name => expect(known(name)).toEqual([[], [name]]));

test.each(['lambda_kernel', 'at::native::elementwise_lambda', 'gemm', 'million', 'gradient_free', 'stallion_kernel'])(
  '%s is neither',
  name => expect(known(name)).toEqual([[], []]),
);

test('one of either makes a training', () => {
  expect(isTraining({ names: new Map([[1, 'gemm']]) })).toBe(false);
  expect(isTraining({ names: new Map([[1, 'softmax_backward']]) })).toBe(true);
});
