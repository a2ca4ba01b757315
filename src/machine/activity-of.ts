import type { FactRow } from '#schema/relation';
import { gpusOf } from './gpus.ts';
import type { ServerActivity } from './server-activity.ts';

/**
 * What the GPUs held and did at the moment of one nvidia-smi -q -x, as far as that tells: nobody knows whether requests were in flight. undefined where it tells
 * of no GPU's memory.
 */
export function activityOf(facts: readonly FactRow[]): ServerActivity | undefined {
  const gpus = gpusOf(facts).flatMap(gpu => {
    const [memoryUsedMib, memoryTotalMib] = [gpu.number('fb_memory_usage.used'), gpu.number('fb_memory_usage.total')];
    if (memoryUsedMib === undefined) return [];
    const utilizationPct = gpu.number('utilization.gpu_util');
    return [
      {
        gpu: Number(gpu.entity.slice('GPU '.length)),
        name: gpu.text('product_name'),
        memoryUsedMib,
        memoryTotalMib,
        utilizationPct,
        readings: 1,
      },
    ];
  });
  return gpus.length === 0 ? undefined : { gpus, isUnderLoad: false, tokensPerS: undefined, expected: undefined };
}
