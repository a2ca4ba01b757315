import type { Drift } from '#schema/drift';
import type { Snapshot } from '#schema/snapshot';
import { listed } from '../html/listed.ts';
import { STYLE } from '../html/style.ts';
import { html, NOTHING, raw } from '../html/tag.ts';
import { snapshotAnswer, takenAt } from './answer.ts';
import { sections } from './sections.ts';

/** Nothing is loaded, and no script runs: what a name in a file holds stays text. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/**
 * snapshot.html: one file that needs nothing else. The same snapshot gives the same bytes.
 * @param drift against an earlier snapshot, where there is one
 */
export async function snapshotHtml(snapshot: Snapshot, drift?: Drift): Promise<string> {
  const parts = sections(snapshot, drift);
  const page = await html`<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>Snapshot of a machine</title><style>${raw(STYLE)}</style></head>
<body><a class="skip" href="#main">Skip to the snapshot</a>
<main id="main" tabindex="-1">
<h1>Snapshot of a machine</h1>
<div class="answer"><strong>${snapshotAnswer(snapshot)}</strong></div>
<p class="what">${takenAt(snapshot)}</p>
<nav aria-label="Sections"><ul>${parts.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}</ul></nav>
${parts.map(
  ({ id, title, tables, lines }) => html`<section id="${id}"><h2>${title}</h2>
${lines.length === 0 ? NOTHING : html`<ul>${lines.map(line => html`<li>${line}</li>`)}</ul>`}${tables.map(listed)}</section>
`,
)}
</main></body></html>
`;
  return String(page);
}
