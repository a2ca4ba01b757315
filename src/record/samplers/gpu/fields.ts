import { refusedField } from '../nvidia-smi.ts';

/**
 * What is asked of every GPU at every sample; of several names the first that this driver knows (they changed over the years).
 * No uuid and no serial number: they name the machine. The reasons stand last, since a mask that is cut off can be told from a whole one.
 */
const WANTED: readonly (readonly string[])[] = [
  ['timestamp'],
  ['index'],
  ['name'],
  ['pstate'],
  ['power.draw.instant'],
  ['power.draw.average'],
  ['power.draw'],
  ['enforced.power.limit', 'power.limit'],
  ['clocks.current.sm', 'clocks.sm'],
  ['clocks.current.memory', 'clocks.mem'],
  ['temperature.gpu'],
  ['temperature.memory'],
  ['utilization.gpu'],
  ['utilization.memory'],
  ['memory.used'],
  ['pcie.link.gen.gpucurrent', 'pcie.link.gen.current'],
  ['pcie.link.width.current'],
  ['ecc.errors.corrected.volatile.total'],
  ['ecc.errors.uncorrected.volatile.total'],
  ['fabric.state'],
  ['clocks_event_reasons_counters.sw_power_cap'],
  ['clocks_event_reasons_counters.sync_boost'],
  ['clocks_event_reasons_counters.sw_thermal_slowdown'],
  ['clocks_event_reasons_counters.hw_thermal_slowdown'],
  ['clocks_event_reasons_counters.hw_power_brake_slowdown', 'clocks_event_reasons_counters.hw_power_brake'],
  ['clocks_event_reasons.active', 'clocks_throttle_reasons.active'],
];
/** Needed only where the sharper ones are lacking. */
const FALLBACK = 'power.draw';
const BETTER = 'power.draw.instant';

/** The names that `nvidia-smi --help-query-gpu` lists: each on a line of its own, in quotes, with its aliases. */
export const fieldsIn = (help: string): ReadonlySet<string> =>
  new Set(
    help
      .split('\n')
      .flatMap(line => (/^"[\w.]+"(?: or "[\w.]+")*\s*$/.test(line) ? (line.match(/[\w.]{2,}/g) ?? []) : []))
      .filter(f => f !== 'or'),
  );

export interface Choice {
  readonly fields: readonly string[];
  /** What this driver does not offer under any name. */
  readonly lacking: readonly string[];
}

/**
 * The fields to query.
 * @param known as listed by the driver; empty when it lists none, so that only trying tells
 * @param refused what it would not have nevertheless
 */
export function chooseFields(known: ReadonlySet<string>, refused: ReadonlySet<string> = new Set()): Choice {
  const valid = (field: string) => !refused.has(field) && (known.size === 0 || known.has(field));
  const fields: string[] = [];
  const lacking: string[] = [];
  for (const names of WANTED) {
    if (names.includes(FALLBACK) && fields.includes(BETTER)) continue;
    const field = names.find(valid);
    if (field === undefined) lacking.push(names[0] ?? '');
    else fields.push(field);
  }
  return { fields, lacking };
}

/** Without these a sample is of no use. */
const INDISPENSABLE: readonly string[] = ['timestamp', 'index'];

/** Adds the field that nvidia-smi would not have to the refused ones; undefined when its answer says something else, or nothing goes without. */
export function afterRefusal(output: string, choice: Choice, refused: ReadonlySet<string>): ReadonlySet<string> | undefined {
  const field = refusedField(output);
  if (field === undefined || !choice.fields.includes(field) || INDISPENSABLE.includes(field)) return undefined;
  return new Set([...refused, field]);
}
