import type { Metric } from '#input/formats/shared/exposition';
import type { SampleRow } from '#schema/relation';
import { isKnown } from './known.ts';

const DECLARATION = /^# (HELP|TYPE) (DCGM_\w{1,80}) (.{1,2000})$/;
const UNIT = /\(in ([A-Za-z%]{1,10})\)/;

/** Units in DCGM's own headers, for scrapes whose HELP lines were cut out. */
const UNITS: Readonly<Record<string, string>> = {
  DCGM_FI_DEV_SM_CLOCK: 'MHz',
  DCGM_FI_DEV_MEM_CLOCK: 'MHz',
  DCGM_FI_DEV_GPU_TEMP: 'C',
  DCGM_FI_DEV_MEMORY_TEMP: 'C',
  DCGM_FI_DEV_POWER_USAGE: 'W',
  DCGM_FI_DEV_GPU_UTIL: '%',
  DCGM_FI_DEV_MEM_COPY_UTIL: '%',
  DCGM_FI_DEV_FB_USED: 'MiB',
  DCGM_FI_DEV_FB_FREE: 'MiB',
  DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION: 'mJ',
  DCGM_FI_DEV_POWER_VIOLATION: 'ns',
  DCGM_FI_DEV_THERMAL_VIOLATION: 'ns',
};
const ENERGY = 'DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION';
/** Labels that tell apart what would else have the same name. */
const TELLING = ['clock_event', 'err_code', 'health_watch', 'window_size_in_ms'];

const UNIT_NAMES: Readonly<Record<string, string>> = { MB: 'MiB', us: 'us', usec: 'us' };

/** What the HELP and TYPE lines of a scrape say of its metrics. */
export class Declarations {
  readonly #units = new Map<string, string>();
  readonly #counters = new Set<string>();

  note(line: string): void {
    const [, kind, name = '', told = ''] = DECLARATION.exec(line) ?? [];
    if (kind === 'TYPE' && told === 'counter') this.#counters.add(name);
    if (kind !== 'HELP') return;
    const unit = /in bytes per second/.test(told) ? 'B/s' : UNIT.exec(told)?.[1];
    if (unit !== undefined) this.#units.set(name, Object.hasOwn(UNIT_NAMES, unit) ? (UNIT_NAMES[unit] ?? unit) : unit);
  }

  /** A row of the sample; undefined where its value is not known. Energy is in joules and has a name of its own, whoever counted it. */
  rowOf({ name, labels, value }: Metric, entity: string): Omit<SampleRow, 't_ms'> | undefined {
    if (!isKnown(value)) return undefined;
    const unit = this.#units.get(name) ?? (Object.hasOwn(UNITS, name) ? (UNITS[name] ?? '') : '');
    if (name === ENERGY && unit === 'mJ')
      return { entity, metric: 'energy', unit: 'J', value: value / 1000, nature: 'counter', window_ms: null };
    const told = TELLING.flatMap(label => (labels.has(label) ? [`${label}=${labels.get(label)}`] : []));
    const metric = told.length === 0 ? name : `${name}{${told.join(',')}}`;
    const counter = this.#counters.has(name) || name.endsWith('_VIOLATION');
    return { entity, metric, unit, value, nature: counter ? 'counter' : 'gauge', window_ms: null };
  }
}
