import { checks } from './checks/index.gen.ts';
import type { Contradiction, Severity } from './define.ts';
import type { StatementSet } from './statement-set.ts';

const ORDER: readonly Severity[] = ['impossible', 'implausible', 'unsupported'];

/** Every contradiction among the statements, the worst kind first, then by file and line. */
export function audit(set: StatementSet): Contradiction[] {
  const found = checks.flatMap(check => check.find(set).map(c => ({ check: check.id, ...c })));
  const place = (c: Contradiction) => c.from[0]?.file ?? '';
  return found.toSorted(
    (a, b) =>
      ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity) ||
      (place(a) < place(b) ? -1 : place(a) > place(b) ? 1 : 0) ||
      (a.from[0]?.line ?? 0) - (b.from[0]?.line ?? 0),
  );
}
