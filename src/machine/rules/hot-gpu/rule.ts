import { defineRule, type Sighting } from '#machine/define';
import { type GpuFacts, gpusOf } from '#machine/gpus';

const T = 'temperature';
const SLOWS = { severity: 'high', meaning: 'at this temperature it lowers its clocks' } as const;

/** A margin that counts down to the limits (Hopper and newer). */
function margin(gpu: GpuFacts): Sighting | undefined {
  const [left, slow, most] = [`${T}.gpu_temp_tlimit`, `${T}.gpu_temp_slow_tlimit_threshold`, `${T}.gpu_temp_max_gpu_tlimit_threshold`].map(
    gpu.number,
  );
  if (left === undefined || slow === undefined) return undefined;
  if (left <= slow) return { entity: gpu.entity, seen: { 'margin (C)': left, 'slows down at (C)': slow }, told: SLOWS };
  return most !== undefined && left <= most
    ? { entity: gpu.entity, seen: { 'margin (C)': left, 'highest operating margin (C)': most } }
    : undefined;
}

/** A temperature beside its limits. */
function degrees(gpu: GpuFacts, what: string, now: string, slow: string, most: string): Sighting | undefined {
  const [temperature, slowing, highest] = [now, slow, most].map(name => gpu.number(`${T}.${name}`));
  if (temperature === undefined) return undefined;
  const name = `${what} (C)`;
  if (slowing !== undefined && temperature >= slowing)
    return { entity: gpu.entity, seen: { [name]: temperature, 'slows down at (C)': slowing }, told: SLOWS };
  // Thresholds of newer boards are margins, at or below 0.
  return highest !== undefined && highest > 0 && temperature >= highest
    ? { entity: gpu.entity, seen: { [name]: temperature, 'highest operating temperature (C)': highest } }
    : undefined;
}

export default defineRule({
  id: 'hot-gpu',
  title: 'A GPU is hotter than it should run',
  reason: 'A few degrees more, and it lowers its clocks; more yet, and it shuts down.',
  source: 'man 1 nvidia-smi, -q, Temperature: GPU T.Limit, slowdown and max operating thresholds',
  severity: 'medium',
  fix: 'Look at air, fans and liquid; compare with its neighbours in the chassis. Shorten load tests until it is cool.',
  needs: 'nvidia-smi -q -x',
  judges: ['nvidia-smi-xml'],
  bears_on: ['clock-throttle'],
  find({ facts }) {
    const told = gpusOf(facts).filter(g => g.number(`${T}.gpu_temp`) !== undefined || g.number(`${T}.gpu_temp_tlimit`) !== undefined);
    if (told.length === 0) return undefined;
    return told.flatMap(gpu =>
      [
        margin(gpu) ?? degrees(gpu, 'GPU', 'gpu_temp', 'gpu_temp_slow_threshold', 'gpu_temp_max_gpu_threshold') ?? [],
        degrees(gpu, 'memory', 'memory_temp', 'memory_temp_slow_threshold', 'gpu_temp_max_mem_threshold') ?? [],
      ].flat(),
    );
  },
});
