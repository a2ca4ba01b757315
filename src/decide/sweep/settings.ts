import type { Run, RunFigure } from '#schema/run';

/** One setting with the runs that were made there, in their order. */
export interface Setting {
  readonly value: string;
  /** undefined where a setting is a word. */
  readonly number: number | undefined;
  /** The figures of each run there; none for a run that never began. */
  readonly runs: readonly (readonly RunFigure[])[];
}

/** What was varied, and what was measured at each setting. */
export interface Varied {
  readonly over: string;
  readonly settings: readonly Setting[];
  /** What differs besides, between loads of one setting: then they are no repetitions. */
  readonly mixed?: string | undefined;
}

/** One load: what is known of its settings, and its figures. */
interface Loaded {
  readonly told: ReadonlyMap<string, string>;
  readonly figures: readonly RunFigure[];
}

/** What a sweep goes over, the likeliest first, where several things differ between loads; of each it is sure that another one makes another load. */
const LIKELY = ['concurrency', 'rate', 'GPUs', 'model', 'setting'];
const NAMED = /^(concurrency|rate) ([\d.]+)$/;

/** What the name of a load says. */
function toldBy(setting: string): readonly (readonly [string, string])[] {
  const parts = setting.split(', ').map(part => NAMED.exec(part));
  const known = parts.flatMap(part => (part?.[1] === undefined || part[2] === undefined ? [] : [[part[1], part[2]] as const]));
  return known.length === parts.length ? known : [['setting', setting] as const];
}

function loadsOf(run: Run): readonly Loaded[] {
  const names = [...new Set(run.figures.map(figure => figure.setting))];
  const settings = Object.entries(run.settings).map(([name, value]) => [name === 'requested rate' ? 'rate' : name, value] as const);
  return (names.length === 0 ? [''] : names).map(name => ({
    told: new Map([...settings, ...(name === '' ? [] : toldBy(name))]),
    figures: run.figures.filter(figure => figure.setting === name).map(figure => ({ ...figure, setting: '' })),
  }));
}

/** What differs between loads, the likeliest first. */
function differing(loads: readonly Loaded[]): readonly string[] {
  const names = [...new Set(loads.flatMap(({ told }) => [...told.keys()]))];
  const differ = names.filter(name => new Set(loads.map(({ told }) => told.get(name))).size > 1);
  const place = (name: string) => (LIKELY.includes(name) ? LIKELY.indexOf(name) : LIKELY.length);
  return differ.toSorted((a, b) => place(a) - place(b));
}

const numberOf = (value: string): number | undefined => (value.trim() !== '' && Number.isFinite(Number(value)) ? Number(value) : undefined);

/**
 * Sorts the loads of runs by what was varied. The k-th load of a setting is that of the k-th run.
 * @param over what was varied, where the user says it; else the likeliest of what differs
 * @returns undefined where nothing was varied
 */
export function variedIn(runs: readonly Run[], over?: string): Varied | undefined {
  const loads = runs.flatMap(loadsOf);
  const name = over ?? differing(loads)[0];
  if (name === undefined) return undefined;
  const by = new Map<string, Loaded[]>();
  for (const load of loads) {
    const value = load.told.get(name);
    if (value !== undefined) by.set(value, [...(by.get(value) ?? []), load]);
  }
  const settings = [...by].map(([value, found]) => ({ value, number: numberOf(value), runs: found.map(load => load.figures) }));
  const areNumbers = settings.every(({ number }) => number !== undefined);
  const ordered = areNumbers ? settings.toSorted((a, b) => (a.number ?? 0) - (b.number ?? 0)) : settings;
  if (ordered.length < 2) return undefined;
  const mixed = [...by.values()].flatMap(differing).find(other => LIKELY.includes(other));
  return { over: name, settings: ordered.map(s => ({ ...s, number: areNumbers ? s.number : undefined })), mixed };
}
