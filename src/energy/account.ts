import type { Share } from '#core/units';
import { ENERGY_CODES, type EnergyTotal, type MeteredPower, POWER_LEVELS, type PowerLevel } from '#schema/energy';
import { AVERAGED_S } from '#schema/gpu-card';
import type { EnergyFacts, EnergyNote, WindowKind } from './facts.ts';
import { integrate, SHORTEST_WINDOW_S, type Window } from './integrate.ts';
import { costOf, idleShare, type Prices, tokensPerJoule } from './prices.ts';
import type { PowerSource } from './sources.ts';

export interface AccountInput {
  readonly sources: readonly PowerSource[];
  /** On the clock of the sources, s. */
  readonly window: Window;
  /** When the window began, since 1970 (or an arbitrary zero). */
  readonly start_ns: bigint;
  readonly kind: WindowKind;
  readonly tokens: EnergyFacts['tokens'];
  readonly prices: Prices;
  /** Whether the run worked on a source. */
  readonly inUse: (source: PowerSource) => boolean;
  /** How many GPUs are paid for, where the GPUs metered do not tell. */
  readonly gpus?: number | undefined;
  /** A stretch at rest, on the clock of the sources; each source's own mean in it counts for what was seen otherwise. */
  readonly idle?: Window | undefined;
  /** Nothing shows that the readings lie where they belong in time. */
  readonly isClockOpen?: boolean;
}

const paidGpus = (input: AccountInput, metered: readonly Pick<MeteredPower, 'level' | 'in_use'>[]): number =>
  input.gpus ?? metered.filter(m => m.level === 'gpu' && m.in_use).length;

/** By how much the power sensors of these boards may be off: 5 % (manual of nvidia-smi, power.draw). */
const SENSOR_ERROR: Share = 0.05;

function totalOf(
  level: PowerLevel,
  input: AccountInput,
  metered: readonly (MeteredPower & { readonly idle_w: number | undefined })[],
): EnergyTotal[] {
  const own = metered.filter(m => m.level === level && m.in_use);
  const known = own.flatMap(m =>
    m.energy_j === null || m.mean_w === null
      ? []
      : [{ energy_j: m.energy_j, mean_w: m.mean_w, readings_w: m.mean_of_readings_w ?? m.mean_w }],
  );
  if (known.length === 0 || known.length < own.length) return [];
  const sum = (of: (k: (typeof known)[number]) => number) => known.reduce((total, k) => total + of(k), 0);
  const codes = ENERGY_CODES.filter(
    code => own.some(m => m.codes.includes(code)) || (code === 'clock-not-confirmed' && input.isClockOpen === true),
  );
  const valid = codes.length === 0;
  const mean_w = sum(k => k.mean_w);
  const idles = own.flatMap(m => m.idle_w ?? []);
  const rest_w = idles.length === own.length ? idles.reduce((a, b) => a + b, 0) : null;
  // Utilisation says 0 % between short kernels too (once in seconds, while requests come seldom): what draws more than the run did is no rest.
  const idle_w = rest_w !== null && rest_w <= mean_w * (1 + SENSOR_ERROR) ? rest_w : null;
  const tokens_per_s = input.tokens?.per_s ?? 0;
  const gpus = paidGpus(input, metered);
  const payable = valid && !(input.prices.gpuHourUsd !== undefined && gpus === 0);
  return [
    {
      level,
      entities: own.length,
      energy_j: sum(k => k.energy_j),
      mean_w,
      mean_of_readings_w: sum(k => k.readings_w),
      valid,
      codes,
      tokens_per_joule: valid && tokens_per_s > 0 ? tokensPerJoule(tokens_per_s, mean_w) : null,
      idle_w,
      idle_share: valid && idle_w !== null ? idleShare(idle_w, mean_w) : null,
      cost: payable ? costOf(input.prices, gpus, mean_w, tokens_per_s) : null,
    },
  ];
}

/** What a source says of the window. Readings whose order is lost say nothing that may be used. */
function meteredOf({ power, counter, card, level, ranBack }: PowerSource, window: Window) {
  // Of a GPU's sensor that nothing is known of, the widest window is assumed; what hangs on the wall does not lag.
  const sensorWindow_s = level === 'gpu' ? (card.power_window_s ?? AVERAGED_S) : (card.power_window_s ?? undefined);
  const metered = integrate(power, window, { counter, sensorWindow_s });
  return ranBack ? { ...metered, codes: [...metered.codes, 'clock-ran-back' as const] } : metered;
}

/** Power, energy, tokens a joule and cost of a run in a window, each level of metering for itself; null where no power was metered. */
export function accountFor(input: AccountInput): EnergyFacts | null {
  const { sources, window, idle, prices } = input;
  if (sources.length === 0) return null;
  const metered = sources.map(s => ({
    entity: s.entity,
    level: s.level,
    in_use: input.inUse(s),
    ...meteredOf(s, window),
    idle_w: idle === undefined ? s.idle_w : (integrate(s.power, idle).mean_w ?? undefined),
  }));
  const totals = POWER_LEVELS.flatMap(level => totalOf(level, input, metered));
  const { gpuHourUsd, kwhUsd } = prices;
  const isPriced = gpuHourUsd !== undefined || kwhUsd !== undefined;
  const notes: EnergyNote[] = [];
  if (window[1] - window[0] < SHORTEST_WINDOW_S) notes.push('window-too-short');
  if (totals.some(t => t.level === 'gpu') && !totals.some(t => t.level === 'wall')) notes.push('gpus-only');
  if (gpuHourUsd !== undefined && kwhUsd !== undefined) notes.push('power-paid-twice');
  if (gpuHourUsd !== undefined && paidGpus(input, metered) === 0) notes.push('gpus-unknown');
  if (isPriced && input.tokens === null) notes.push('tokens-unknown');
  return {
    window: { start_ns: String(input.start_ns), length_s: window[1] - window[0], kind: input.kind },
    tokens: input.tokens,
    metered: metered.map(({ idle_w: _, ...m }) => m),
    totals,
    notes,
  };
}
