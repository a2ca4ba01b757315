import { group, max, mean, min } from 'd3-array';
import type { GpuSampleRow } from '#model/relation';
import type { Claim } from '../claim.ts';
import { machineNamed } from '../machines.ts';
import { tellerOf } from './frame.ts';
import { tellSum } from './parts.ts';

const WHOLE_PCT = 100;

/** What each GPU drew on average, its limit, and the most of its time and memory that was in use. */
export function claimsOfGpus(rows: readonly GpuSampleRow[], file: string): Claim[] {
  return [...group(rows, r => r.gpu)].flatMap(([gpu, own]) => {
    const of = `GPU ${gpu}`;
    const teller = tellerOf(file, [of], of);
    const { tell, claims } = teller;
    const power = own.flatMap(r => r.power_w ?? []);
    const limit = max(own, r => r.power_limit_w ?? undefined);
    const name = own.find(r => r.name !== null)?.name ?? '';
    tell('gpus', 1, 'name', { of: machineNamed(name)?.model ?? '', text: of });
    if (name !== '') tell('gpu_number', gpu, 'name', { of: name });
    tell('power_mean_w', mean(power) ?? null, 'mean of power', { of });
    tell('power_min_w', min(power) ?? null, 'least power', { of });
    tell('power_max_w', max(power) ?? null, 'greatest power', { of });
    tell('power_limit_w', limit ?? null, 'power limit', { of });
    tell('gpu_memory_used_mib', max(own, r => r.memory_used_mib ?? undefined) ?? null, 'most memory used');
    const busy = max(own, r => r.utilization_pct ?? undefined);
    if (busy !== undefined)
      tellSum(teller, {
        of: 'utilization',
        parts: [['the greatest of', busy]],
        whole: ['all of the time,', WHOLE_PCT],
        unit: '%',
        doubt: 0,
        rule: 'at most',
        path: 'greatest utilization',
      });
    return claims;
  });
}
