/** A setting that slows communication down, or takes NCCL's choice away from it. */
export interface BadSetting {
  readonly name: SettingName;
  readonly value: string;
}

type Environment = Readonly<Record<string, string>>;

const isOn = (v: string) => v !== '0' && v !== '';
const isSet = (v: string) => v !== '';

/** When a setting slows communication down, or takes NCCL's choice away from it (../shared/brief; NCCL's user guide). */
const BAD = {
  NCCL_P2P_DISABLE: isOn,
  NCCL_P2P_LEVEL: (v: string) => /^(0|LOC)$/i.test(v),
  NCCL_P2P_DIRECT_DISABLE: isOn,
  NCCL_SHM_DISABLE: isOn,
  NCCL_IB_DISABLE: isOn,
  NCCL_NVLS_ENABLE: (v: string) => v === '0',
  NCCL_NET_GDR_LEVEL: (v: string) => /^(0|LOC)$/i.test(v),
  NCCL_NET_GDR_DISABLE: isOn,
  NCCL_COLLNET_ENABLE: (v: string) => v === '0',
  NCCL_ALGO: isSet,
  NCCL_PROTO: isSet,
  NCCL_MAX_NCHANNELS: (v: string) => Number(v) > 0 && Number(v) < 8,
  NCCL_MAX_CTAS: (v: string) => Number(v) > 0 && Number(v) < 8,
  NCCL_LAUNCH_MODE: (v: string) => /^group$/i.test(v),
  NCCL_DEBUG: (v: string) => /^trace$/i.test(v),
  CUDA_LAUNCH_BLOCKING: isOn,
  CUDA_DEVICE_MAX_CONNECTIONS: (v: string) => v === '1',
} as const satisfies Readonly<Record<string, (value: string) => boolean>>;

export type SettingName = keyof typeof BAD;

/** The variables that are judged: those that the relation communication_setting reads. */
export const SETTINGS = Object.keys(BAD) as readonly SettingName[];

/** What in an environment slows communication down. */
export const badSettings = (environment: Environment): BadSetting[] =>
  SETTINGS.flatMap(name => {
    const value = environment[name]?.trim().replace(/^"(.*)"$/, '$1');
    return value !== undefined && BAD[name](value) ? [{ name, value }] : [];
  });
