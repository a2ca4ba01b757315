import type { Ms, Seconds } from '#core/units';
import type { PowerLevel } from '#schema/energy';
import { type GpuCard, type Metered, UNKNOWN_CARD } from '#schema/gpu-card';
import type { GpuSampleRow, Rows, SampleRow } from '#schema/relation';
import { type Reading, ReadingColumns } from './readings.ts';

/** Something whose power was metered. */
export interface PowerSource {
  readonly entity: string;
  readonly level: PowerLevel;
  /** Number of the GPU, as its file has it; undefined for what is none. */
  readonly gpu: number | undefined;
  readonly card: GpuCard;
  /** Which file says so. */
  readonly path: string;
  readonly power: Rows<Reading>;
  /** Cumulative J of its own meter. */
  readonly counter: Rows<Reading>;
  /** Power at rest; undefined where it was never seen at rest. */
  readonly idle_w: number | undefined;
  /** The clock of its file ran back by more than sensors average over: its readings cannot be put in order. */
  readonly ranBack: boolean;
}

/** A file with power in it, on the common clock. */
export interface PowerFile<Series> {
  readonly path: string;
  readonly series: Series;
}

/** A clock that was set back by less moved no reading past its neighbours. */
const LONGEST_STEP_BACK_MS = 1000;

const WATTS: Readonly<Record<string, number>> = { mW: 1e-3, W: 1, kW: 1e3 };
const JOULES: Readonly<Record<string, number>> = { mJ: 1e-3, J: 1, kJ: 1e3, Wh: 3600, kWh: 3.6e6 };
/** What has its own name in a meter that holds it: "wall channel 1" in "wall". */
const PART = /^ (?:channel|MIG|link) /;
/** What a device may draw is no power that it draws. */
const BOUND = /limit|cap|max|min|default|enforced|requested/i;

/** How long a GPU must have shown 0 % before its power counts as power at rest: utilisation and power are means over up to a second each. */
const SETTLED_S = 2;

/** What one GPU drew, and its mean power while it had shown no utilisation for two seconds. */
class GpuPower {
  readonly power = new ReadingColumns();
  #restingSince: Seconds | undefined;
  #restingSum_w = 0;
  #restingCount = 0;

  add(t: Seconds, { power_w, utilization_pct }: GpuSampleRow): void {
    this.#restingSince = utilization_pct === 0 ? (this.#restingSince ?? t) : undefined;
    if (power_w === null) return;
    this.power.push(t, power_w);
    if (this.#restingSince === undefined || t - this.#restingSince < SETTLED_S) return;
    this.#restingSum_w += power_w;
    this.#restingCount += 1;
  }

  /** undefined where it was never seen at rest. */
  get idle_w(): number | undefined {
    return this.#restingCount === 0 ? undefined : this.#restingSum_w / this.#restingCount;
  }
}

/**
 * The GPUs of a series.
 * @param rows in order of time
 * @param at seconds of a row's time on the common clock
 */
export function gpuSources<Row extends GpuSampleRow>(
  { path, series }: PowerFile<Metered<number> & { readonly rows: Iterable<Row> }>,
  at: (row: Row) => Seconds,
): PowerSource[] {
  const gpus = new Map<number, GpuPower>();
  for (const row of series.rows) {
    const own = gpus.get(row.gpu) ?? new GpuPower();
    gpus.set(row.gpu, own);
    own.add(at(row), row);
  }
  return [...gpus]
    .toSorted(([a], [b]) => a - b)
    .flatMap(([gpu, { power, idle_w }]) => {
      if (power.length === 0) return [];
      const card = series.cards.get(gpu) ?? UNKNOWN_CARD;
      return [
        { ...{ entity: `GPU ${gpu}`, level: 'gpu' as const, gpu, card, path, power, counter: [], idle_w }, ranBack: ranBack(series) },
      ];
    });
}

const ranBack = ({ ranBack_ms }: Metered<unknown>): boolean => ranBack_ms > LONGEST_STEP_BACK_MS;

function levelOf(entity: string): PowerLevel | undefined {
  if (/module/i.test(entity)) return 'module';
  if (/^gpu\b/i.test(entity)) return 'gpu';
  return /^(wall|node|system|server|chassis|pdu)\b/i.test(entity) ? 'wall' : undefined;
}

const readingsOf = (rows: readonly SampleRow[], scale: number, at: (t_ms: Ms) => Seconds): Reading[] =>
  rows.map(r => ({ t: at(r.t_ms), value: r.value * scale }));

/**
 * Whatever in a series of samples is power, and the energy counter of the same thing. One metric each: the one with most readings. What is
 * part of another meter ("wall channel 1" of "wall") is left out, or it would count twice.
 */
export function sampleSources(
  { path, series }: PowerFile<Metered<string> & { readonly rows: readonly SampleRow[] }>,
  at: (t_ms: Ms) => Seconds,
): PowerSource[] {
  const { rows } = series;
  const isPower = (r: SampleRow) => WATTS[r.unit] !== undefined && !BOUND.test(r.metric);
  const isCounter = (r: SampleRow) => JOULES[r.unit] !== undefined && r.nature === 'counter';
  const mostRead = (own: readonly SampleRow[]): readonly SampleRow[] => {
    const metrics = [...new Set(own.map(r => r.metric))].map(metric => own.filter(r => r.metric === metric));
    return metrics.reduce<readonly SampleRow[]>((best, m) => (m.length > best.length ? m : best), []);
  };
  const entities = [...new Set(rows.filter(r => isPower(r) || isCounter(r)).map(r => r.entity))];
  const isPart = (entity: string) => entities.some(other => entity.startsWith(`${other} `) && PART.test(entity.slice(other.length)));
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
        gpu: level === 'gpu' ? Number(/^GPU (\d+)/i.exec(entity)?.[1] ?? Number.NaN) : undefined,
        card: series.cards.get(entity) ?? UNKNOWN_CARD,
        path,
        power: readingsOf(power, WATTS[power[0]?.unit ?? ''] ?? 1, at),
        counter: readingsOf(counter, JOULES[counter[0]?.unit ?? ''] ?? 1, at),
        idle_w: undefined,
        ranBack: ranBack(series),
      },
    ];
  });
}
