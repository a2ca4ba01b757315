import { expect, test } from 'vitest';
import { shortKernelName } from './kernel-name.ts';

test.each([
  [
    'void at::native::vectorized_elementwise_kernel<(int)4, at::native::FillFunctor<float>, std::array<char *, (unsigned long)1>>(int, T2, T3)',
    'vectorized_elementwise_kernel',
  ],
  [
    'void at::native::<unnamed>::multi_tensor_apply_kernel<at::native::<unnamed>::TensorListMetadata<(int)2>>(T1, T2)',
    'multi_tensor_apply_kernel',
  ],
  [
    'void at::native::(anonymous namespace)::multi_tensor_apply_kernel<at::native::(anonymous namespace)::A<2>>(int, B<(a)1>)',
    'multi_tensor_apply_kernel',
  ],
  ['ncclDevKernel_AllReduce_Sum_f32_RING_LL(ncclDevKernelArgsStorage<4096ul>)', 'ncclDevKernel_AllReduce_Sum_f32_RING_LL'],
  ['ncclKernel_AllReduce_RING_LL_Sum_float(ncclDevComm*, unsigned long, ncclWork*)', 'ncclKernel_AllReduce_RING_LL_Sum_float'],
  [
    'sm80_xmma_gemm_f32f32_f32f32_f32_tn_n_tilesize32x32x8_stage3_warpsize1x2x1_ffma_aligna4_alignc4_execute_kernel__5x_cublas',
    'sm80_xmma_gemm_f32f32_f32f32_f32_tn_n_tilesize32x32x8_stage3_warpsize1x2x1_ffma_aligna4_alignc4_execute_kernel__5x_cublas',
  ],
  [
    'std::enable_if<!(false), void>::type internal::gemvx::kernel<int, int, float, (cublasGemvTensorStrided<float const>)7>(cublasGemvParams<a>)',
    'kernel',
  ],
  ['void k<f(int)::{lambda(float)#1}::operator()() const>(int)', 'k'],
  ['triton_poi_fused_0', 'triton_poi_fused_0'],
])('%s is %s', (full, short) => expect(shortKernelName(full)).toBe(short));
