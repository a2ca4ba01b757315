import type { EvidenceItem } from '#schema/evidence-item';
import { commandLine } from '../command-line.ts';
import { evidenceCell, evidenceHead } from '../evidence-cells.ts';
import { sentence } from '../wording.ts';
import { type Column, table } from './table.ts';
import { type Html, html, NOTHING } from './tag.ts';

type Row = EvidenceItem['rows'][number];

function item(evidence: EvidenceItem): Html {
  const names = [...new Set(evidence.rows.flatMap(row => Object.keys(row)))];
  const columns = names.map(
    (name): Column<Row> => ({
      head: evidenceHead(name),
      cell: row => evidenceCell(name, row[name]),
      numeric: evidence.rows.some(row => typeof row[name] === 'number'),
    }),
  );
  return html`<div class="evidence"><p>${sentence(evidence.shows)}</p>
${columns.length > 0 ? table({ caption: `Rows of ${evidence.query}`, columns, items: evidence.rows }) : NOTHING}
<p class="by-hand">To run this query again (TRACE is the trace file):</p><pre tabindex="0"><code>${commandLine(evidence)}</code></pre></div>`;
}

export const evidenceList = (evidence: readonly EvidenceItem[]): Html => html`${evidence.map(item)}`;
