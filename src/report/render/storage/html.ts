import { createHash } from 'node:crypto';
import { percent } from '#core/format/numbers';
import type { StorageAnalysis, StorageHypothesisResult } from '#schema/storage-analysis';
import { browserBundle } from '../browser-bundle.ts';
import { type Drawing, draw } from '../charts/draw.ts';
import { figure } from '../html/figure.ts';
import { STYLE } from '../html/style.ts';
import { table } from '../html/table.ts';
import { type Html, html, NOTHING, raw } from '../html/tag.ts';
import { inlineJson, type Packed, type PageData, packed } from '../page-data.ts';
import { type Drawn, hypothesisChart, legendOf } from './chart.ts';
import { effectText, figureText, levelText } from './words.ts';

type Model = StorageAnalysis['models'][number];
type Figure = StorageHypothesisResult['figures'][number];

const verdicts = ({ model, hypotheses }: Model): Html =>
  table({
    caption: `Verdicts on ${model}: one-sided levels by Holm over all hypotheses; power at the smallest effect that matters`,
    items: hypotheses,
    columns: [
      { head: '', cell: h => html`<a href="#${model}-${h.code}">${h.code}</a>`, short: true },
      { head: 'Claim', cell: h => h.claim, prose: true },
      {
        head: 'Verdict',
        cell: h =>
          html`<span class="tag${h.verdict === 'supported' ? ' found' : h.verdict === 'inconclusive' ? ' cannot-tell' : ''}">${h.verdict}</span>`,
        short: true,
      },
      { head: 'Effect (95 % interval)', cell: effectText, numeric: true },
      { head: 'p', cell: h => levelText(h.p), numeric: true },
      { head: 'Power', cell: h => (h.power === null ? '–' : percent(h.power)), numeric: true },
      { head: 'Runs', cell: h => (h.runs === 0 ? '–' : String(h.runs)), numeric: true },
    ],
  });

const figures = (all: readonly Figure[]): Html =>
  all.length === 0 ? html`` : html`<dl class="pairs">${all.map(f => html`<div><dt>${f.what}</dt><dd>${figureText(f)}</dd></div>`)}</dl>`;

const legend = (drawn: Drawn): Html => {
  const names = legendOf(drawn);
  return names.length === 0
    ? html``
    : html`<ul class="legend">${names.map(({ name, colour }) => html`<li><span style="color:${colour}" aria-hidden="true">●</span> ${name}</li>`)}</ul>`;
};

const hypothesis = (drawn: Drawn, drawing: Drawing<Drawn>): Html => {
  const { model, result } = drawn;
  return html`<section id="${model}-${result.code}"><h3>${result.code}: ${result.claim}</h3>
<p>${result.answer}</p>
${drawing.absent === null ? figure(drawing, { legend: legend(drawn) }) : NOTHING}
${figures(result.figures)}
<p class="absent">Test: ${result.test}. The smallest effect that matters is ${String(result.margin)}: ${result.margin_reason}.${result.tail === null ? '' : ` Tail: ${result.tail}.`}</p></section>`;
};

const leftOut = ({ left_out }: StorageAnalysis): Html =>
  left_out.length === 0
    ? html``
    : html`<section id="left-out"><h2>Left out</h2>${table({
        caption: 'Steps that are planned and were not judged',
        items: left_out,
        columns: [
          { head: 'Step', cell: l => l.run },
          { head: 'Why', cell: l => l.why, prose: true },
        ],
      })}</section>`;

/** What the page's script needs to bring the charts to life. No chart here has a time axis. */
function dataOf(all: readonly Drawing<Drawn>[]): PageData {
  const tables: Record<string, Packed> = {};
  const charts: PageData['charts'][number][] = [];
  for (const { chart, spec, rows } of all) {
    if (spec === null) continue;
    for (const [of, list] of rows) tables[of.name] = packed(list);
    charts.push({ name: chart.name, spec });
  }
  return { window: [0, 1], extent: [0, 1], tables, charts };
}

/** Nothing may be loaded, and no script may run but this one. */
function policy(script: string): string {
  const hash = createHash('sha256').update(script).digest('base64');
  return `default-src 'none'; script-src 'sha256-${hash}'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'`;
}

/** Every chart of an analysis, in its order. */
export async function storageDrawings(analysis: StorageAnalysis): Promise<ReadonlyMap<StorageHypothesisResult, Drawing<Drawn>>> {
  const drawings = new Map<StorageHypothesisResult, Drawing<Drawn>>();
  for (const { model, hypotheses } of analysis.models)
    for (const result of hypotheses) {
      const drawn = { model, result };
      drawings.set(result, await draw(hypothesisChart(drawn), drawn));
    }
  return drawings;
}

/** report.html of an experiment on storage pressure: one file that needs nothing else, and reads without script. */
export async function storageHtml(
  analysis: StorageAnalysis,
  drawings: ReadonlyMap<StorageHypothesisResult, Drawing<Drawn>>,
): Promise<string> {
  const script = browserBundle();
  const sections = analysis.models.map(
    model => html`<section id="${model.model}"><h2>${model.model}</h2>${verdicts(model)}</section>
${model.hypotheses.map(result => {
  const drawing = drawings.get(result);
  return drawing === undefined ? NOTHING : hypothesis({ model: model.model, result }, drawing);
})}`,
  );
  const page = await html`<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy(script)}">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>Storage pressure</title><style>${raw(STYLE)}</style></head>
<body><a class="skip" href="#main">Skip to the report</a>
<main id="main" tabindex="-1">
<header><h1>Storage pressure</h1>
<p class="what">${String(analysis.experiment.steps.judged)} of ${String(analysis.experiment.steps.planned)} planned steps · ${analysis.tool.name} ${analysis.tool.version}</p>
<div class="answer"><p><strong>${analysis.answer}</strong></p></div></header>
${sections}
${leftOut(analysis)}
<section id="notes"><h2>Notes</h2><ul>${analysis.notes.map(note => html`<li>${note}</li>`)}</ul></section>
</main>
<script type="application/json" id="report-data">${raw(inlineJson(dataOf([...drawings.values()])))}</script>
<script>${raw(script)}</script>
</body></html>
`;
  return String(page);
}
