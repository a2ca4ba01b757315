import type { PreludeName } from '#trace/queries/index.gen';

const CUDA = 'the trace holds none: profile with ProfilerActivity.CUDA among the activities, on an NVIDIA GPU';
const SYNC = "PyTorch's profiler records synchronisations only where it is told to: _ExperimentalConfig(enable_cuda_sync_events=True)";
const ENVIRONMENT = "PyTorch's profiler records neither its options nor the environment";

/** Why a trace of PyTorch's profiler has nothing to say of a relation, where it holds no rows of it. */
export const WHY_NOT_RECORDED: Readonly<Partial<Record<PreludeName, string>>> = {
  kernel: `kernels: ${CUDA}`,
  collective: `kernels of NCCL: ${CUDA}`,
  api_call: `CUDA calls: ${CUDA}`,
  relevant_call: `CUDA calls: ${CUDA}`,
  memcpy: 'the trace holds no copies',
  memset: 'the trace holds no fills',
  os_call: "PyTorch's profiler records no calls into the operating system",
  thread_switch: "PyTorch's profiler does not record when a thread is on a CPU",
  gpu_metric: "PyTorch's profiler samples no GPU metrics",
  graph_launch: "PyTorch's profiler records the kernels of a graph one by one",
  page_fault: "PyTorch's profiler records no page faults of managed memory",
  capture_option: ENVIRONMENT,
  communication_setting: ENVIRONMENT,
  sync: SYNC,
  event_record: SYNC,
  cuda_device: "PyTorch's profiler does not tell which physical GPU a process means by a number",
  gpu: 'the trace describes no GPU',
  session: 'the times of the trace do not count from 1970',
  profiler_overhead: "the trace names no thread that the profiler's own work held",
  thread: 'the trace names no thread',
  nvtx_range: 'the trace holds no ranges: profile with ProfilerActivity.CPU among the activities',
  nccl_call: 'the trace holds no collectives of torch.distributed',
};
