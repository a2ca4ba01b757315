import type { BadSetting, SettingName } from '#multi-gpu/collectives/environment';

/** What each setting does to communication. */
const EFFECT: Readonly<Record<SettingName, string>> = {
  NCCL_P2P_DISABLE: 'GPUs may not write to each other: traffic goes through host memory instead of NVLink',
  NCCL_P2P_LEVEL: 'peer-to-peer is forbidden at every distance: set NVL, or leave it unset',
  NCCL_P2P_DIRECT_DISABLE: 'ranks of one process may not reach each other’s memory directly',
  NCCL_SHM_DISABLE: 'ranks of one host talk over the network where peer-to-peer is not possible',
  NCCL_IB_DISABLE: 'InfiniBand and RoCE are off: traffic between hosts goes over TCP',
  NCCL_NVLS_ENABLE: 'NVLink SHARP is off: all-reduce cannot be summed in the switch',
  NCCL_NET_GDR_LEVEL: 'GPUDirect RDMA is off: traffic between hosts is copied through host memory',
  NCCL_NET_GDR_DISABLE: 'GPUDirect RDMA is off: traffic between hosts is copied through host memory',
  NCCL_COLLNET_ENABLE: 'the network’s own reduction (SHARP) is off',
  NCCL_ALGO: 'the algorithm is forced: NCCL’s own choice by size is off',
  NCCL_PROTO: 'the protocol is forced: small messages want LL or LL128, large ones Simple',
  NCCL_MAX_NCHANNELS: 'few channels: large messages cannot fill the links',
  NCCL_MAX_CTAS: 'few channels: large messages cannot fill the links',
  NCCL_LAUNCH_MODE: 'launches of a group wait for each other',
  NCCL_DEBUG: 'every call is logged',
  CUDA_LAUNCH_BLOCKING: 'every launch waits for its kernel: nothing overlaps',
  CUDA_DEVICE_MAX_CONNECTIONS:
    'one hardware queue: kernels and collectives run in the order of their launch (Megatron wants this for tensor parallelism)',
};

/** A setting that slows communication down, and what it does. */
export const settingSentence = ({ name, value }: BadSetting): string => `${name}=${value}: ${EFFECT[name]}.`;
