import { gpuSampler } from './gpu/gpu-sampler.ts';
import { hostSampler } from './host/host-sampler.ts';
import { nvlinkSampler } from './nvlink/nvlink-sampler.ts';
import type { Sampler, Tell } from './sampler.ts';
import { xidSampler } from './xid/xid-sampler.ts';

export interface SamplersWanted {
  /** For the programs that are started: the caller's, with its session tag. */
  readonly env: NodeJS.ProcessEnv;
  /** Undefined for no GPU, NVLink and Xid. */
  readonly gpuIntervalMs: number | undefined;
  /** Undefined for no host. */
  readonly hostIntervalMs: number | undefined;
  /** Is told at once what could not be recorded, with the sampler's name in front. */
  readonly tell: Tell;
}

/** The samplers that write gpu.csv, nvlink.csv, xid.csv and host.csv (docs/formats.md), not yet started. */
export function makeSamplers({ env, gpuIntervalMs, hostIntervalMs, tell }: SamplersWanted): Sampler[] {
  const telling = (name: string) => (sentence: string) => tell(`${name}: ${sentence}`);
  const gpu = (intervalMs: number) => [
    gpuSampler({ intervalMs, env, tell: telling('gpu') }),
    nvlinkSampler({ env, tell: telling('nvlink') }),
    xidSampler({ env, tell: telling('xid') }),
  ];
  return [
    ...(gpuIntervalMs === undefined ? [] : gpu(gpuIntervalMs)),
    ...(hostIntervalMs === undefined ? [] : [hostSampler({ intervalMs: hostIntervalMs, tell: telling('host') })]),
  ];
}
