import { count, dollars, joules, percent, plain, tenths, watts } from '#core/format/numbers';
import {
  type Energy,
  type EnergyCode,
  type EnergyCost,
  type EnergyTotal,
  type MeteredPower,
  POWER_LEVELS,
  type PowerLevel,
} from '#schema/energy';
import { type Listing, listing } from './parallel/listing.ts';

const NONE = 'not known';
const known = <T>(value: T | null, text: (value: T) => string) => (value === null ? NONE : text(value));
const LEVEL: Readonly<Record<PowerLevel, string>> = { gpu: 'GPUs', module: 'Modules', wall: 'Wall' };

const perJoule = (t: number) => `${t.toPrecision(4)} tok/J`;
/** Why a figure of energy must not be relied on, in words. No code: it may be. */
const CODES: Readonly<Record<EnergyCode, string>> = {
  'window-too-short': 'the window is shorter than 1 s, over which sensors average',
  'too-few-readings': 'the window holds fewer than 5 readings',
  gap: 'readings are missing for more than 3 s',
  'window-not-covered': 'readings cover less than 95 % of the window',
  'counter-disagrees': 'the energy counter differs by more than 5 %',
  'averaged-power': 'the window is so short that a sensor which shows the mean of the last second may be wrong by more than 5 %',
  'clock-ran-back': 'the clock of the readings ran back, so their order is lost',
  'clock-not-confirmed': 'the readings name no time zone, and nothing shows that the assumed one is right',
};

const usable = (codes: EnergyTotal['codes']) => (codes.length === 0 ? 'yes' : `no: ${codes.map(c => CODES[c]).join('; ')}`);

export const totals = (energy: Energy): Listing =>
  listing<EnergyTotal>('Energy in the window, by where it was metered', energy.totals, [
    { head: 'Metered at', text: t => (t.entities === 1 ? LEVEL[t.level] : `${LEVEL[t.level]} (${t.entities})`) },
    { head: 'Mean power', text: t => watts(t.mean_w), numeric: true },
    { head: 'Mean of readings', text: t => watts(t.mean_of_readings_w), numeric: true },
    { head: 'Energy', text: t => joules(t.energy_j), numeric: true },
    { head: 'Tokens per joule', text: t => known(t.tokens_per_joule, perJoule), numeric: true },
    { head: 'Idle share', text: t => known(t.idle_share, percent), numeric: true },
    { head: 'Cost of 1M tokens', text: t => known(t.cost, c => dollars(c.usd_per_million_tokens)), numeric: true },
    { head: 'Fit for use', text: t => usable(t.codes), prose: true },
  ]);

/** Each meter for itself: only worth a table where there are several. */
export const meters = (energy: Energy): Listing =>
  listing<MeteredPower>('Each meter', energy.metered.length > 1 ? energy.metered : [], [
    { head: 'Meter', text: m => (m.in_use ? m.entity : `${m.entity} (stood by)`) },
    { head: 'Mean power', text: m => known(m.mean_w, watts), numeric: true },
    { head: 'Lowest', text: m => known(m.min_w, watts), numeric: true },
    { head: 'Highest', text: m => known(m.max_w, watts), numeric: true },
    { head: 'Energy', text: m => known(m.energy_j, joules), numeric: true },
    { head: 'By its counter', text: m => known(m.counter_j, joules), numeric: true },
    { head: 'Readings', text: m => plain(m.readings), numeric: true },
    { head: 'Fit for use', text: m => usable(m.codes), prose: true },
  ]);

/** Over what, and what the tokens are. */
export function energySentence({ window, tokens }: Energy): string {
  const of =
    tokens === null
      ? 'no tokens are known for it'
      : tokens.count === null
        ? `${tokens.which} tokens, ${tenths(tokens.per_s)} a second, count for tokens per joule`
        : `${count(tokens.count, `${tokens.which} token`)}, ${tenths(tokens.per_s)} a second, count for tokens per joule`;
  return `Energy of ${tenths(window.length_s)} s (${window.what}): ${of}.`;
}

/** The totals as lines for a terminal; a level without a figure has its reason in its place. */
export const energyLines = (energy: Energy): string[] =>
  POWER_LEVELS.flatMap(level => {
    const own = energy.metered.filter(m => m.level === level && m.in_use);
    const total = energy.totals.find(t => t.level === level);
    if (total !== undefined) return [`${meterWords(total)}: ${totalWords(total, own)}`];
    const codes = [...new Set(own.flatMap(m => m.codes))];
    return own.length === 0 ? [] : [`${LEVEL[level]}: no figure (${codes.map(c => CODES[c]).join('; ')})`];
  });

const meterWords = (t: EnergyTotal): string => `${LEVEL[t.level]}${t.entities > 1 ? ` (${t.entities} meters)` : ''}`;

function totalWords(t: EnergyTotal, own: readonly MeteredPower[]): string {
  const counted = own.filter(m => m.energy_by === 'counter').length;
  const parts = [
    `${watts(t.mean_w)} over time`,
    `${watts(t.mean_of_readings_w)} as the mean of its readings`,
    `${joules(t.energy_j)}${counted === 0 ? '' : counted === own.length ? ' by the energy counter' : ` (${counted} of ${own.length} by energy counters)`}`,
    ...boundWords(own),
    ...(t.tokens_per_joule === null ? [] : [perJoule(t.tokens_per_joule)]),
    ...(t.idle_share === null ? [] : [`${percent(t.idle_share)} of it at rest`]),
    ...(t.cost === null ? [] : [costWords(t.cost)]),
    ...(t.valid ? [] : [`not fit for use (${t.codes.map(c => CODES[c]).join('; ')})`]),
  ];
  return parts.join('; ');
}

/** What the energy lies between where a part of the window was not seen. */
function boundWords(own: readonly MeteredPower[]): string[] {
  if (!own.some(m => m.codes.includes('gap') || m.codes.includes('window-not-covered'))) return [];
  const sum = (of: (m: MeteredPower) => number | null) => own.reduce((total, m) => total + (of(m) ?? 0), 0);
  return [
    `${joules(sum(m => m.energy_low_j))} to ${joules(sum(m => m.energy_high_j))} over the whole window, if power unseen stayed between the lowest and the highest reading`,
  ];
}

function costWords(c: EnergyCost): string {
  const parts = [
    ...(c.gpu_usd > 0 ? [`${dollars(c.gpu_usd)} for ${count(c.gpus, 'GPU')}`] : []),
    ...(c.electricity_usd > 0 ? [`${dollars(c.electricity_usd)} for electricity at a PUE of ${c.pue}`] : []),
  ];
  return `1M tokens cost ${dollars(c.usd_per_million_tokens)} (${parts.join(', ')})`;
}
