import type { EvidenceItem } from '#schema/evidence-item';
import { commandLine } from '../command-line.ts';
import { sentence } from '../wording.ts';
import { type Column, table } from './table.ts';
import { type Html, html, NOTHING } from './tag.ts';

type Row = EvidenceItem['rows'][number];

/** Identifiers and times are shown digit for digit: grouping would keep them from being searched for. */
const text = (value: Row[string] | undefined) => {
  if (value === null || value === undefined) return '–';
  return typeof value === 'number' ? String(Number(value.toFixed(3))) : String(value);
};

function item(evidence: EvidenceItem): Html {
  const names = [...new Set(evidence.rows.flatMap(row => Object.keys(row)))];
  const columns = names.map(
    (name): Column<Row> => ({
      head: name,
      cell: row => text(row[name]),
      numeric: evidence.rows.some(row => typeof row[name] === 'number'),
    }),
  );
  return html`<div class="evidence"><p>${sentence(evidence.shows)}</p>
${columns.length > 0 ? table({ caption: `Rows of ${evidence.query}`, columns, items: evidence.rows }) : NOTHING}
<p class="by-hand">The same rows by hand (TRACE is the trace file):</p><pre tabindex="0"><code>${commandLine(evidence)}</code></pre></div>`;
}

export const evidenceList = (evidence: readonly EvidenceItem[]): Html => html`${evidence.map(item)}`;
