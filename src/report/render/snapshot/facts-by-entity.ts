import { count, plain } from '#core/format/numbers';
import type { FactRow } from '#schema/relation';

export const NONE = '–';

/** Facts of a snapshot, looked up by what they are of. */
export class FactsByEntity {
  readonly #entities = new Map<string, Map<string, FactRow>>();

  constructor(facts: readonly FactRow[]) {
    for (const fact of facts) {
      const own = this.#entities.get(fact.entity) ?? new Map<string, FactRow>();
      this.#entities.set(fact.entity, own);
      own.set(fact.name, fact);
    }
  }

  /** Entities whose names fit, in the order of their numbers. */
  entities(pattern: RegExp): readonly string[] {
    return [...this.#entities.keys()].filter(e => pattern.test(e)).toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  }

  of(entity: string): readonly FactRow[] {
    return [...(this.#entities.get(entity)?.values() ?? [])];
  }

  value(entity: string, name: string): FactRow['value'] | undefined {
    return this.#entities.get(entity)?.get(name)?.value;
  }

  number(entity: string, name: string): number | undefined {
    const value = this.value(entity, name);
    return typeof value === 'number' ? value : undefined;
  }

  /** A fact as it reads, with its unit; a dash where it is not known. */
  text(entity: string, name: string): string {
    const fact = this.#entities.get(entity)?.get(name);
    return fact === undefined ? NONE : factText(fact);
  }

  /** The sum of the numbers whose names fit; undefined where there is none. */
  sum(entity: string, pattern: RegExp): number | undefined {
    const numbers = this.of(entity).flatMap(f => (pattern.test(f.name) && typeof f.value === 'number' ? [f.value] : []));
    return numbers.length === 0 ? undefined : numbers.reduce((a, b) => a + b, 0);
  }
}

/** A value with its unit. */
export function factText({ value, unit }: Pick<FactRow, 'value' | 'unit'>): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (unit === 'lines' && typeof value === 'number') return count(value, 'line');
  const text = typeof value === 'number' ? plain(value) : value;
  return unit === '' ? text : `${text} ${unit}`;
}
