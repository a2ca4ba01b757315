import fc from 'fast-check';
import { writing } from '#test/valid-rows';

const amount = fc.integer({ min: 1, max: 100_000 }).map(n => n / 100);
const rows = fc.tuple(amount, amount, amount, amount).map(([matmul, collective, peer, host]) => [
  { what: 'matmul', test: '8192x8192x8192', from: 'GPU 0' as string | null, to: null as string | null, value: matmul, time_us: 1400 },
  { what: 'collective', test: 'all_reduce', from: null, to: null, value: collective, time_us: 90 },
  { what: 'peer-copy', test: 'copy', from: 'GPU 0', to: 'GPU 1', value: peer, time_us: 720 },
  { what: 'host-copy', test: 'from host', from: 'CPU', to: 'GPU 0', value: host, time_us: 4860 },
]);

export default writing(rows, ([matmul, collective, peer, host]) =>
  JSON.stringify({
    gpu_model: 'NVIDIA H200',
    gemm: [{ gpu: 0, dtype: 'bfloat16', m: 8192, n: 8192, k: 8192, ms: 1.4, tflops: matmul?.value }],
    nccl: [{ op: 'all_reduce', ranks: 2, bytes: 1048576, ms: 0.09, algbw_gbps: 11.65, busbw_gbps: collective?.value }],
    p2p: [{ src: 0, dst: 1, bytes: 268435456, ms: 0.72, gbps: peer?.value }],
    host: [{ gpu: 0, direction: 'from host', bytes: 268435456, ms: 4.86, gbps: host?.value }],
    skipped: [],
  }),
);
