/** A setting that slows communication down, or takes NCCL's choice away from it. */
export interface BadSetting {
  readonly name: SettingName;
  readonly value: string;
}

type Environment = Readonly<Record<string, string>>;

const isOn = (v: string) => v !== '0' && v !== '';
const isSet = (v: string) => v !== '';
const isForbidden = (v: string) => /^(0|LOC)$/i.test(v);
const isFew = (v: string) => Number(v) > 0 && Number(v) < 8;

const FEW = 'few channels: large messages cannot fill the links';

/** When a setting slows communication down or takes NCCL's choice away from it, and what it does then (NCCL's user guide). */
const SETTINGS_JUDGED = {
  NCCL_P2P_DISABLE: {
    isBad: isOn,
    effect: 'GPUs may not write to each other: traffic goes through host memory instead of NVLink',
  },
  NCCL_P2P_LEVEL: { isBad: isForbidden, effect: 'peer-to-peer is forbidden at every distance: set NVL, or leave it unset' },
  NCCL_P2P_DIRECT_DISABLE: { isBad: isOn, effect: 'ranks of one process may not reach each other’s memory directly' },
  NCCL_SHM_DISABLE: { isBad: isOn, effect: 'ranks of one host talk over the network where peer-to-peer is not possible' },
  NCCL_IB_DISABLE: { isBad: isOn, effect: 'InfiniBand and RoCE are off: traffic between hosts goes over TCP' },
  NCCL_NVLS_ENABLE: { isBad: (v: string) => v === '0', effect: 'NVLink SHARP is off: all-reduce cannot be summed in the switch' },
  NCCL_NET_GDR_LEVEL: { isBad: isForbidden, effect: 'GPUDirect RDMA is off: traffic between hosts is copied through host memory' },
  NCCL_COLLNET_ENABLE: { isBad: (v: string) => v === '0', effect: 'the network’s own reduction (SHARP) is off' },
  NCCL_ALGO: { isBad: isSet, effect: 'the algorithm is forced: NCCL’s own choice by size is off' },
  NCCL_PROTO: { isBad: isSet, effect: 'the protocol is forced: small messages want LL or LL128, large ones Simple' },
  NCCL_MAX_NCHANNELS: { isBad: isFew, effect: FEW },
  NCCL_MAX_CTAS: { isBad: isFew, effect: FEW },
  NCCL_LAUNCH_MODE: { isBad: (v: string) => /^group$/i.test(v), effect: 'launches of a group wait for each other' },
  NCCL_DEBUG: { isBad: (v: string) => /^trace$/i.test(v), effect: 'every call is logged' },
  CUDA_LAUNCH_BLOCKING: { isBad: isOn, effect: 'every launch waits for its kernel: nothing overlaps' },
  CUDA_DEVICE_MAX_CONNECTIONS: {
    isBad: (v: string) => v === '1',
    effect: 'one hardware queue: kernels and collectives run in the order of their launch (Megatron wants this for tensor parallelism)',
  },
} as const satisfies Readonly<Record<string, { readonly isBad: (value: string) => boolean; readonly effect: string }>>;

export type SettingName = keyof typeof SETTINGS_JUDGED;

/** The variables that are judged: those that the relation communication_setting reads. */
export const SETTINGS = Object.keys(SETTINGS_JUDGED) as readonly SettingName[];

/** What a bad value of a setting does to communication: a phrase without a full stop. */
export const effectOf = (name: SettingName): string => SETTINGS_JUDGED[name].effect;

/** What in an environment slows communication down. */
export const badSettings = (environment: Environment): BadSetting[] =>
  SETTINGS.flatMap(name => {
    const value = environment[name]?.trim().replace(/^"(.*)"$/, '$1');
    return value !== undefined && SETTINGS_JUDGED[name].isBad(value) ? [{ name, value }] : [];
  });
