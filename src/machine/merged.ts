import type { FactRow } from '#schema/relation';

/** One row for each thing that is told, in order: of several that tell the same the first counts. */
export function merged(facts: readonly FactRow[]): readonly FactRow[] {
  const first = new Map<string, FactRow>();
  for (const row of facts) {
    const key = `${row.entity}\n${row.name}`;
    if (!first.has(key)) first.set(key, row);
  }
  return [...first.values()];
}
