import { queryInfo } from '#app/query/catalogue';
import { valueAt } from '#core/columns';
import type { EvidenceName } from '#trace/queries/index.gen';

/** Lines of cells below each other; the last cell may run on. */
function aligned(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map(r => r[i]?.length ?? 0)));
  return rows.map(r => `  ${r.map((cell, i) => cell.padEnd(valueAt(widths, i))).join('  ')}`.trimEnd()).join('\n');
}

/** What a query answers, takes and gives, for a person. */
export function describeQuery(name: EvidenceName): string {
  const { summary, doc, reads, params, columns } = queryInfo(name);
  const sections = [
    `${name}: ${summary}`,
    doc,
    `Reads ${reads.map(r => (r.optional ? `${r.relation} (may be empty)` : r.relation)).join(', ')}.`,
    params.length > 0 ? `Parameters (--param NAME=VALUE):\n${aligned(params.map(p => [p.name, p.type, `= ${p.default}`, p.doc]))}` : '',
    `Columns:\n${aligned(columns.map(c => [c.name, c.nullable ? `${c.type} or NULL` : c.type, c.doc]))}`,
  ];
  return sections.filter(s => s !== '').join('\n\n');
}
