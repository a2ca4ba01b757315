import { group, max, mean, min } from 'd3-array';
import type { GpuSampleRow } from '#model/relation';
import type { Claim } from '../claim.ts';
import { machineNamed } from '../machines.ts';
import { tellerOf } from './frame.ts';

/** What each GPU drew on average, and its limit. */
export function claimsOfGpus(rows: readonly GpuSampleRow[], file: string): Claim[] {
  return [...group(rows, r => r.gpu)].flatMap(([gpu, own]) => {
    const { tell, claims } = tellerOf(file, [`GPU ${gpu}`], `GPU ${gpu}`);
    const of = `GPU ${gpu}`;
    const power = own.flatMap(r => r.power_w ?? []);
    const limit = max(own, r => r.power_limit_w ?? undefined);
    tell('gpus', 1, 'name', { of: machineNamed(own.find(r => r.name !== null)?.name ?? '')?.model ?? '', text: of });
    tell('power_mean_w', mean(power) ?? null, 'mean of power', { of });
    tell('power_min_w', min(power) ?? null, 'least power', { of });
    tell('power_max_w', max(power) ?? null, 'greatest power', { of });
    tell('power_limit_w', limit ?? null, 'power limit', { of });
    return claims;
  });
}
