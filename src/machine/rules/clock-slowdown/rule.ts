import { defineRule, type Severity, type Sighting } from '#machine/define';
import { type GpuFacts, gpusOf } from '#machine/gpus';

interface Reason {
  /** Of NVML's clocks event reasons. Several may be set at once. */
  readonly bit: number;
  readonly reason: string;
  readonly severity: Severity;
  readonly meaning: string;
  readonly fix?: string;
}

const REASONS: readonly Reason[] = [
  { bit: 0x08, reason: 'hw_slowdown', severity: 'high', meaning: 'the board halves its clocks or more: too hot, or its power fails' },
  { bit: 0x40, reason: 'hw_thermal_slowdown', severity: 'high', meaning: 'the board is too hot, and halves its clocks or more' },
  { bit: 0x80, reason: 'hw_power_brake_slowdown', severity: 'high', meaning: 'the supply of the machine asks the board to brake' },
  { bit: 0x20, reason: 'sw_thermal_slowdown', severity: 'medium', meaning: 'the driver lowers clocks because it gets too hot' },
  { bit: 0x10, reason: 'sync_boost', severity: 'low', meaning: 'it keeps the clocks of the slowest GPU of its group' },
  {
    bit: 0x04,
    reason: 'sw_power_cap',
    severity: 'info',
    meaning: 'its power limit is reached: usual at full load, and what lowers the clocks then',
    fix: 'Nothing, unless the limit is below its default (low-power-cap).',
  },
];

/** What counted the time of each reason since the driver was loaded, µs; the words differ a little. */
const COUNTED: Readonly<Record<string, string>> = {
  sw_therm_slowdown: 'sw_thermal_slowdown',
  hw_therm_slowdown: 'hw_thermal_slowdown',
  hw_power_brake: 'hw_power_brake_slowdown',
  sync_boost: 'sync_boost',
  sw_power_cap: 'sw_power_cap',
};
const COUNTER = /^clocks_(?:event|throttle)_reasons_counters\.clocks_(?:event|throttle)_reasons_counters_(\w+)$/;
const ACTIVE = /^clocks_(?:event|throttle)_reasons\.clocks_(?:event|throttle)_reason_(\w+)$/;
const US_PER_S = 1e6;

const isActive = (gpu: GpuFacts, { bit, reason }: Reason): boolean =>
  gpu.rows.some(
    r => (ACTIVE.exec(r.name)?.[1] === reason && r.value === true) || (r.name === 'event_reasons' && (Number(r.value) & bit) !== 0),
  );

/** Reasons of this moment, or of the time that was sampled. */
const nowOf = (gpu: GpuFacts): readonly Sighting[] =>
  REASONS.filter(r => isActive(gpu, r)).map(({ reason, bit, severity, meaning, fix }) => ({
    entity: gpu.entity,
    seen: { reason, bit: `0x${bit.toString(16)}` },
    told: { severity, meaning, fix },
  }));

/** Reasons since the driver was loaded: whenever that was, so they weigh less. */
const onceOf = (gpu: GpuFacts): readonly Sighting[] =>
  gpu.rows.flatMap(({ name, value }) => {
    const reason = REASONS.find(r => r.reason === COUNTED[COUNTER.exec(name)?.[1] ?? '']);
    if (reason === undefined || typeof value !== 'number' || value === 0) return [];
    return [
      {
        entity: gpu.entity,
        seen: { 'reason since the driver was loaded': reason.reason, seconds: value / US_PER_S },
        told: { severity: reason.severity === 'info' ? ('info' as const) : ('low' as const), meaning: reason.meaning, fix: reason.fix },
      },
    ];
  });

export default defineRule({
  id: 'clock-slowdown',
  title: 'Something lowers the clocks of a GPU',
  reason: 'Every kernel takes longer by as much as the clock is lower, and the whole group waits for the slowest GPU.',
  source: 'nvml.h, nvmlClocksEventReasons: bits, of which several may be set at once',
  severity: 'medium',
  fix: 'Look at air, fans, liquid and the room first, then at the power supplies and the power limit; do not accept a load test meanwhile.',
  needs: 'nvidia-smi -q -x, or samples of clocks_event_reasons.active',
  judges: ['nvidia-smi-xml'],
  bears_on: ['clock-throttle', 'collective-wait', 'stage-imbalance'],
  find({ facts }) {
    const told = gpusOf(facts).filter(g => g.rows.some(r => ACTIVE.test(r.name) || COUNTER.test(r.name) || r.name === 'event_reasons'));
    return told.length === 0 ? undefined : told.flatMap(gpu => [...nowOf(gpu), ...onceOf(gpu)]);
  },
});
