import { expect, test } from 'vitest';
import { collectiveKind } from './kernel-name.ts';

test.each([
  ['ncclDevKernel_AllReduce_Sum_bf16_RING_LL', 'AllReduce Sum bf16', 'RING', 'LL'],
  ['ncclDevKernel_AllReduce_Sum_f32_TREE_LL128(ncclDevKernelArgsStorage<4096ul>)', 'AllReduce Sum f32', 'TREE', 'LL128'],
  ['ncclDevKernel_AllReduce_Sum_bf16_NVLS_TREE_SIMPLE', 'AllReduce Sum bf16', 'NVLS_TREE', 'SIMPLE'],
  ['ncclDevKernel_ReduceScatter_Sum_f16_COLLNET_DIRECT_SIMPLE', 'ReduceScatter Sum f16', 'COLLNET_DIRECT', 'SIMPLE'],
  ['ncclKernel_AllReduce_RING_LL_Sum_half', 'AllReduce Sum half', 'RING', 'LL'],
  ['ncclDevKernel_Broadcast_RING_LL', 'Broadcast', 'RING', 'LL'],
  ['ncclDevKernel_SendRecv', 'SendRecv', null, null],
])('%s', (kernel, name, algorithm, protocol) => {
  expect(collectiveKind(kernel)).toMatchObject({ name, algorithm, protocol });
});
