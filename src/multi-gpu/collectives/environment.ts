type Environment = Readonly<Record<string, string>>;

interface Rule {
  readonly name: string;
  readonly bad: (value: string) => boolean;
  readonly says: string;
}

const isOn = (v: string) => v !== '0' && v !== '';
const isSet = (v: string) => v !== '';

/** Settings that slow communication down, or take NCCL's choice away from it (../shared/brief; NCCL's user guide). */
const RULES: readonly Rule[] = [
  { name: 'NCCL_P2P_DISABLE', bad: isOn, says: 'GPUs may not write to each other: traffic goes through host memory instead of NVLink' },
  {
    name: 'NCCL_P2P_LEVEL',
    bad: v => /^(0|LOC)$/i.test(v),
    says: 'peer-to-peer is forbidden at every distance: set NVL, or leave it unset',
  },
  { name: 'NCCL_P2P_DIRECT_DISABLE', bad: isOn, says: 'ranks of one process may not reach each other’s memory directly' },
  { name: 'NCCL_SHM_DISABLE', bad: isOn, says: 'ranks of one host talk over the network where peer-to-peer is not possible' },
  { name: 'NCCL_IB_DISABLE', bad: isOn, says: 'InfiniBand and RoCE are off: traffic between hosts goes over TCP' },
  { name: 'NCCL_NVLS_ENABLE', bad: v => v === '0', says: 'NVLink SHARP is off: all-reduce cannot be summed in the switch' },
  {
    name: 'NCCL_NET_GDR_LEVEL',
    bad: v => /^(0|LOC)$/i.test(v),
    says: 'GPUDirect RDMA is off: traffic between hosts is copied through host memory',
  },
  { name: 'NCCL_NET_GDR_DISABLE', bad: isOn, says: 'GPUDirect RDMA is off: traffic between hosts is copied through host memory' },
  { name: 'NCCL_COLLNET_ENABLE', bad: v => v === '0', says: 'the network’s own reduction (SHARP) is off' },
  { name: 'NCCL_ALGO', bad: isSet, says: 'the algorithm is forced: NCCL’s own choice by size is off' },
  { name: 'NCCL_PROTO', bad: isSet, says: 'the protocol is forced: small messages want LL or LL128, large ones Simple' },
  { name: 'NCCL_MAX_NCHANNELS', bad: v => Number(v) > 0 && Number(v) < 8, says: 'few channels: large messages cannot fill the links' },
  { name: 'NCCL_MAX_CTAS', bad: v => Number(v) > 0 && Number(v) < 8, says: 'few channels: large messages cannot fill the links' },
  { name: 'NCCL_LAUNCH_MODE', bad: v => /^group$/i.test(v), says: 'launches of a group wait for each other' },
  { name: 'NCCL_DEBUG', bad: v => /^trace$/i.test(v), says: 'every call is logged' },
  { name: 'CUDA_LAUNCH_BLOCKING', bad: isOn, says: 'every launch waits for its kernel: nothing overlaps' },
  {
    name: 'CUDA_DEVICE_MAX_CONNECTIONS',
    bad: v => v === '1',
    says: 'one hardware queue: kernels and collectives run in the order of their launch (Megatron wants this for tensor parallelism)',
  },
];

/** The variables that are judged: those that the relation communication_setting reads. */
export const SETTINGS: readonly string[] = RULES.map(r => r.name);

/** What in an environment slows communication down, a sentence each. */
export const environmentFindings = (environment: Environment): string[] =>
  RULES.flatMap(({ name, bad, says }) => {
    const value = environment[name]?.trim().replace(/^"(.*)"$/, '$1');
    return value !== undefined && bad(value) ? [`${name}=${value}: ${says}.`] : [];
  });
