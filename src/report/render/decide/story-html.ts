import { STYLE } from '../html/style.ts';
import { table } from '../html/table.ts';
import { type Html, html, NOTHING, raw } from '../html/tag.ts';
import type { Story, StoryTable } from './story-parts.ts';

/** Nothing is loaded and no script runs: names in a result stay inert, whatever they hold. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

const listing = ({ title, head, rows }: StoryTable): Html =>
  html`<section><h2>${title}</h2>${table({
    caption: title,
    columns: head.map((name, i) => ({ head: name, cell: (row: readonly string[]) => row[i] ?? '', numeric: i > 0 })),
    items: rows,
    least: rows.length,
  })}</section>`;

const list = (lines: readonly string[]): Html =>
  lines.length === 0 ? NOTHING : html`<ul>${lines.map(line => html`<li>${line}</li>`)}</ul>`;

/** The story of a change as one page that needs nothing else and opens offline. */
export const storyHtml = ({ title, verdict, meanings, tables, open }: Story): string =>
  String(html`<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<title>${title}</title><style>${raw(STYLE)}</style></head>
<body><main id="main">
<h1>${title}</h1>
<div class="answer"><p><strong>${verdict}</strong></p>${list(meanings)}</div>
${tables.map(listing)}
${open.length === 0 ? NOTHING : html`<section><h2>What this does not show</h2>${list(open)}</section>`}
</main></body></html>
`);
