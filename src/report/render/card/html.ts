import type { Card } from '#schema/card';
import { listed } from '../html/listed.ts';
import { STYLE } from '../html/style.ts';
import { html, raw } from '../html/tag.ts';
import { figureTable, overview, rowTable, SECTION_TITLES, VERDICT_WORDS } from './tables.ts';

/** Nothing is loaded, and no script runs: what a name in a file holds stays text. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** card.html: one file that needs nothing else. The same card gives the same bytes. */
export async function cardHtml(card: Card): Promise<string> {
  const page = await html`<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>Report card: ${card.name}</title><style>${raw(STYLE)}</style></head>
<body><a class="skip" href="#main">Skip to the card</a>
<main id="main" tabindex="-1">
<h1>Report card: ${card.name}</h1>
<div class="answer"><strong>${card.answer}</strong></div>
<ul>${card.machine.map(({ what, value }) => html`<li>${what}: ${value}</li>`)}</ul>
<nav aria-label="Sections"><ul>${card.sections.map(({ section }) => html`<li><a href="#${section}">${SECTION_TITLES[section]}</a></li>`)}</ul></nav>
<section id="overview">${listed(overview(card))}</section>
${card.sections.map(
  ({ section, verdict, rows, figures }) => html`<section id="${section}"><h2>${SECTION_TITLES[section]}: ${VERDICT_WORDS[verdict]}</h2>
${listed(rowTable('What was judged', rows))}${listed(figureTable(figures))}</section>
`,
)}
</main></body></html>
`;
  return String(page);
}
