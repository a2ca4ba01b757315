import { mean } from 'd3-array';
import type { PowerLevel } from '#model/energy';
import type { GpuSampleRow, SampleRow } from '#model/relation';
import type { Reading } from './readings.ts';

/** Something whose power was metered. */
export interface PowerSource {
  readonly entity: string;
  readonly level: PowerLevel;
  readonly power: readonly Reading[];
  /** Cumulative J of its own meter. */
  readonly counter: readonly Reading[];
  /** Power at rest; undefined where it was never seen at rest. */
  readonly idle_w: number | undefined;
}

const WATTS: Readonly<Record<string, number>> = { mW: 1e-3, W: 1, kW: 1e3 };
const JOULES: Readonly<Record<string, number>> = { mJ: 1e-3, J: 1, kJ: 1e3, Wh: 3600, kWh: 3.6e6 };
/** What a device may draw is no power that it draws. */
const BOUND = /limit|cap|max|min|default|enforced|requested/i;

/** How long a GPU must have shown 0 % before its power counts as power at rest: utilisation and power are means over up to a second each. */
const SETTLED_S = 2;

/** Mean power while a GPU had shown no utilisation for two seconds; undefined where that never happened. */
function atRest(rows: readonly (readonly [t: number, row: GpuSampleRow])[]): number | undefined {
  const found: number[] = [];
  let since: number | undefined;
  for (const [t, row] of rows) {
    since = row.utilization_pct === 0 ? (since ?? t) : undefined;
    if (since !== undefined && t - since >= SETTLED_S && row.power_w !== null) found.push(row.power_w);
  }
  return mean(found);
}

/**
 * The GPUs of a series.
 * @param at seconds of a row's time on the common clock
 */
export function gpuSources(rows: readonly GpuSampleRow[], at: (t_ms: number) => number): PowerSource[] {
  const timed = rows.map(row => [at(row.t_ms), row] as const).toSorted((a, b) => a[0] - b[0]);
  const gpus = [...new Set(rows.map(r => r.gpu))].toSorted((a, b) => a - b);
  return gpus.flatMap(gpu => {
    const own = timed.filter(([, row]) => row.gpu === gpu);
    const power = own.flatMap(([t, row]) => (row.power_w === null ? [] : [{ t, value: row.power_w }]));
    return power.length === 0 ? [] : [{ entity: `GPU ${gpu}`, level: 'gpu' as const, power, counter: [], idle_w: atRest(own) }];
  });
}

function levelOf(entity: string): PowerLevel | undefined {
  if (/module/i.test(entity)) return 'module';
  if (/^gpu\b/i.test(entity)) return 'gpu';
  return /^(wall|node|system|server|chassis|pdu)\b/i.test(entity) ? 'wall' : undefined;
}

const readingsOf = (rows: readonly SampleRow[], scale: number, at: (t_ms: number) => number): Reading[] =>
  rows.map(r => ({ t: at(r.t_ms), value: r.value * scale }));

/**
 * Whatever in a series of samples is power, and the energy counter of the same thing. One metric each: the one with most readings. What is
 * part of another meter ("wall channel 1" of "wall") is left out, or it would count twice.
 */
export function sampleSources(rows: readonly SampleRow[], at: (t_ms: number) => number): PowerSource[] {
  const isPower = (r: SampleRow) => WATTS[r.unit] !== undefined && !BOUND.test(r.metric);
  const isCounter = (r: SampleRow) => JOULES[r.unit] !== undefined && r.nature === 'counter';
  const mostRead = (own: readonly SampleRow[]): readonly SampleRow[] => {
    const metrics = [...new Set(own.map(r => r.metric))].map(metric => own.filter(r => r.metric === metric));
    return metrics.reduce<readonly SampleRow[]>((best, m) => (m.length > best.length ? m : best), []);
  };
  const entities = [...new Set(rows.filter(r => isPower(r) || isCounter(r)).map(r => r.entity))];
  const isPart = (entity: string) => entities.some(other => other !== entity && entity.startsWith(`${other} `));
  return entities.flatMap(entity => {
    if (isPart(entity)) return [];
    const level = levelOf(entity);
    if (level === undefined) return [];
    const own = rows.filter(r => r.entity === entity);
    const [power, counter] = [mostRead(own.filter(isPower)), mostRead(own.filter(isCounter))];
    return [
      {
        entity,
        level,
        power: readingsOf(power, WATTS[power[0]?.unit ?? ''] ?? 1, at),
        counter: readingsOf(counter, JOULES[counter[0]?.unit ?? ''] ?? 1, at),
        idle_w: undefined,
      },
    ];
  });
}

/** One source for each entity, of several files: power from the first that has it, the counter from whichever does. What has no power is left out. */
export function mergeSources(sources: readonly PowerSource[]): PowerSource[] {
  const merged = new Map<string, PowerSource>();
  for (const s of sources) {
    const seen = merged.get(s.entity);
    const [first, second] = seen === undefined || seen.power.length === 0 ? [s, seen] : [seen, s];
    merged.set(s.entity, { ...first, counter: first.counter.length > 0 ? first.counter : (second?.counter ?? []) });
  }
  return [...merged.values()].filter(s => s.power.length > 0);
}
