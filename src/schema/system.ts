import { z } from 'zod';
import { EpochNs } from './relation.ts';

const count = z.number().int().nonnegative().nullable();
const number = z.number().nullable();
const text = z.string().nullable();
const yes = z.boolean().nullable();

export const SystemGpu = z.strictObject({
  index: z.number().int().nonnegative(),
  name: text,
  memory_total_mib: number,
  power_limit_w: number,
  power_limit_max_w: number,
  sm_clock_max_mhz: number,
  mem_clock_max_mhz: number,
  persistence_mode: text,
  mig_mode: text,
  ecc_mode: text,
  compute_mode: text,
  pcie_gen_max: number,
  pcie_width_max: number,
  fabric_state: text,
});
export type SystemGpu = z.infer<typeof SystemGpu>;

const NvlinkStatus = z.strictObject({
  gpu: z.number().int().nonnegative(),
  active: z.number().int().nonnegative(),
  inactive: z.number().int().nonnegative(),
  slowest_gb_s: number.describe('of the active links, one way, as nvidia-smi says'),
});
export type NvlinkStatus = z.infer<typeof NvlinkStatus>;

const Container = z.strictObject({
  dockerenv: z.boolean(),
  kubernetes: z.boolean(),
  cgroup: z.enum(['v1', 'v2']).nullable(),
  cpu_quota: number.describe('CPUs that may be used at once; null for no limit'),
  cpuset_cpus: count,
  memory_max_bytes: number.describe('null for no limit'),
});
export type Container = z.infer<typeof Container>;

/**
 * system.json: the machine that a capture was made on. It names no host, no user, no serial number and no path of a home.
 * What could not be read is null, with its reason in `missing`.
 */
export const System = z.strictObject({
  schema: z.literal('forensics.system/1'),
  taken_ns: EpochNs,
  driver_version: text,
  cuda_version: text.describe('the newest that the driver supports'),
  gpus: z.array(SystemGpu).nullable(),
  topology: text.describe('nvidia-smi topo -m'),
  nvlink: z.array(NvlinkStatus).nullable(),
  kernel: z.string(),
  cpu: z.strictObject({ model: text, sockets: count, cores: count, threads: count, numa_nodes: count }),
  memory_total_kib: count,
  node: z.string(),
  nsys: text,
  environment: z.record(z.string(), z.string()).describe('an allowed few: NCCL_, CUDA_ and the like'),
  git: z.strictObject({ commit: z.string(), dirty: yes }).nullable(),
  container: Container,
  psi: z.boolean(),
  perf_event_paranoid: z.number().int().nullable(),
  rm_profiling_admin_only: yes.describe('whether GPU counters are for administrators alone'),
  root: yes,
  missing: z.array(z.string()),
});
export type System = z.infer<typeof System>;

/** What of it is of no GPU: the processors, the kernel, the container, the environment. */
export type HostState = Omit<System, 'schema' | 'taken_ns' | 'driver_version' | 'cuda_version' | 'gpus' | 'topology' | 'nvlink'>;
