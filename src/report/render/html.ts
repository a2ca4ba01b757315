import { createHash } from 'node:crypto';
import type { Report } from '#schema/report';
import { browserBundle } from './browser-bundle.ts';
import { answer } from './html/answer.ts';
import { causes } from './html/causes.ts';
import { collectives } from './html/collectives.ts';
import { devices } from './html/devices.ts';
import { type Drawings, drawings } from './html/drawings.ts';
import { energy } from './html/energy.ts';
import { glossary } from './html/glossary.ts';
import { incidents } from './html/incidents.ts';
import { booksAndWhatIf, latency } from './html/latency.ts';
import { pipeline } from './html/pipeline.ts';
import { provenance } from './html/provenance.ts';
import { HATCH, STYLE } from './html/style.ts';
import { type Html, html, raw } from './html/tag.ts';
import { timeline } from './html/timeline.ts';
import { training } from './html/training.ts';
import { verdicts } from './html/verdicts.ts';
import { inlineJson } from './page-data.ts';
import { parallelOnly } from './parallel/wording.ts';

type Place = readonly [id: string, title: string];

/** What the report is about comes first: the timeline of requests, or the pipeline. Where the time went and latency are about requests alone. */
function places(report: Report): readonly Place[] {
  const parallel: readonly Place[] = [
    ...(report.training === null ? [] : [['training', 'Training steps'] as const]),
    ...(report.pipeline === null ? [] : [['pipeline', 'Pipeline'] as const]),
    ...(report.collectives === null ? [] : [['collectives', 'Collectives'] as const]),
  ];
  const timeline: Place = ['timeline', 'Timeline'];
  const begin: readonly Place[] = parallelOnly(report)
    ? [...parallel, timeline]
    : [timeline, ...parallel, ['books', 'Where the time went'], ['latency', 'Latency']];
  return [
    ...begin,
    ['incidents', 'Incidents'],
    ['causes', 'Causes'],
    ['findings', 'Findings'],
    ['devices', 'Devices'],
    ...(report.energy === null ? [] : [['energy', 'Energy'] as const]),
    ['verdicts', 'Looked for'],
    ['inputs', 'Inputs'],
    ['glossary', 'Glossary'],
  ];
}

function begin(report: Report, charts: Drawings): Html {
  const parallel = html`${training(report, charts)}${pipeline(report, charts)}${collectives(report, charts)}`;
  if (parallelOnly(report)) return html`${parallel}${timeline(report, charts)}`;
  return html`${timeline(report, charts)}${parallel}${booksAndWhatIf(report, charts)}${latency(report, charts)}`;
}

/** Nothing may be loaded, and no script may run but this one: a name from a trace that breaks out stays inert all the same. */
function policy(script: string): string {
  const hash = createHash('sha256').update(script).digest('base64');
  return `default-src 'none'; script-src 'sha256-${hash}'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'`;
}

/**
 * report.html: one file that needs nothing else, opens offline and reads without script. The same report gives the same
 * bytes. Needs the script that `npm run build:report` makes.
 */
export async function renderHtml(report: Report): Promise<string> {
  const script = browserBundle();
  const charts = await drawings(report);
  const page = await html`<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy(script)}">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${report.summary.title}</title><style>${raw(STYLE)}</style></head>
<body><a class="skip" href="#main">Skip to the report</a>${raw(HATCH)}
<main id="main" tabindex="-1">
${answer(report)}
<nav aria-label="Sections"><ul>${places(report).map(([id, title]) => html`<li><a href="#${id}">${title}</a></li>`)}</ul></nav>
${begin(report, charts)}
${incidents(report)}
${causes(report)}
${devices(report)}
${energy(report)}
${verdicts(report)}
${provenance(report)}
${glossary(report)}
</main>
<script type="application/json" id="report-data">${raw(inlineJson(charts.data))}</script>
<script>${raw(script)}</script>
</body></html>
`;
  return String(page);
}
