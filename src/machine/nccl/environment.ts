import type { FactRow } from '#schema/relation';

const ENVIRONMENT = 'environment';

/** The variables that are told; undefined where nobody looked. Whoever looked at the host looked at them as well. */
export function environmentOf(facts: readonly FactRow[]): Readonly<Record<string, string>> | undefined {
  const own = facts.filter(f => f.entity === ENVIRONMENT);
  if (own.length === 0 && !facts.some(f => f.entity === 'host')) return undefined;
  return Object.fromEntries(own.map(f => [f.name, String(f.value)]));
}

/** Variables as facts. */
export const environmentFacts = (environment: Readonly<Record<string, string>>): FactRow[] =>
  Object.entries(environment).map(([name, value]) => ({ entity: ENVIRONMENT, name, value, unit: '' }));
