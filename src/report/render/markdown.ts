import { ms, plain, seconds } from '#core/format/numbers';
import type { Report } from '#schema/report';
import { throughoutSentence } from './incident-wording.ts';
import { energy } from './markdown/energy.ts';
import { causeStory, findingStory, incidentStory } from './markdown/evidence.ts';
import { books, latency, without } from './markdown/latency.ts';
import { cannotTell, detectors, devices, provenance } from './markdown/machine.ts';
import { collectives, pipeline } from './markdown/parallel.ts';
import { md, prose, table } from './markdown/text.ts';
import { training } from './markdown/training.ts';
import { parallelOnly } from './parallel/wording.ts';
import { summaryBlock } from './summary/markdown.ts';
import { defined, PRIVATE_WORDS, TERM, termsIn } from './terms.ts';
import { causeTitle } from './wording.ts';
import { worst } from './worst.ts';

const section = (title: string, lines: readonly string[]) => [`## ${title}`, '', ...lines];

function incidents(report: Report): string[] {
  if (report.incidents.length === 0) return ['No incident was found.', ''];
  const { told, rest } = worst(report.incidents);
  const cost = report.requests === null ? 'Time lost is that delay' : 'Time lost is the delay that it added to slow requests, added up';
  const story = throughoutSentence(report);
  return [
    ...(story === '' ? [] : [`**${md(story)}**`, '']),
    `${defined('An incident', 'incident')} Delay is how much longer the engine took in it, or the requests where the engine went on. ${cost}.`,
    '',
    ...table(
      ['Incident', 'From', 'To', 'Delay', 'Requests', 'Time lost', 'Likeliest cause'],
      [...told, ...rest].map(i => [
        i.id,
        seconds(i.start_ms),
        seconds(i.end_ms),
        ms(i.held_up_ms),
        plain(i.requests),
        ms(i.excess_ms),
        i.causes.map(c => causeTitle(c.cause))[0] ?? '',
      ]),
      [1, 2, 3, 4, 5],
    ),
    ...(rest.length > 0 ? [`The ${told.length} worst in full:`, ''] : []),
    ...told.flatMap(i => incidentStory(i, report)),
  ];
}

/** Where what slows every step is told, if no cause of it has a section. */
function chronicElsewhere({ findings }: Report): string {
  const told = findings.filter(f => f.id === 'host-bound' || f.id.startsWith('chronic-'));
  return told.length === 0 ? 'Nothing that slows every step was found.' : `See Findings: ${md(told.map(f => f.title).join('; '))}.`;
}

function causes(report: Report): string[] {
  const chronic = report.causes.filter(c => c.scope === 'chronic');
  const story = (cause: Report['causes'][number]) => causeStory(cause, report);
  const passing = report.causes.filter(c => c.scope === 'incident');
  // What several devices lost to one another is of no incident, and yet the whole answer.
  if (passing.length === 0 && chronic.length > 0) return section('Causes', chronic.flatMap(story));
  return [
    ...section('Causes', passing.length === 0 ? ['No cause of incidents was found.', ''] : passing.flatMap(story)),
    ...section('Causes in every step', chronic.length === 0 ? [chronicElsewhere(report), ''] : chronic.flatMap(story)),
  ];
}

const requests = (report: Report): string[] => [
  ...section('Latency', latency(report)),
  ...section('Where the time went', books(report)),
  ...section('p99 with and without each cause', without(report)),
];

/** What the report's own words mean, of those that it uses and of those that their definitions use. */
function words(text: string): string[] {
  const used = termsIn(text);
  const all = new Set([...used, ...used.flatMap(term => termsIn(TERM[term]))]);
  return [...[...all].map(term => `- ${PRIVATE_WORDS[term].title}: ${TERM[term]}.`), ''];
}

/** report.md: the same content as the page, as text that reads well in a pull request or a pager. */
export function renderMarkdown(report: Report): string {
  const lines = [
    `# ${md(report.summary.title)}`,
    '',
    ...summaryBlock(report),
    ...section('The answer in full', prose(report.answer)),
    ...(parallelOnly(report) ? [] : requests(report)),
    ...(report.training === null ? [] : section('Training steps', training(report))),
    ...(report.pipeline === null ? [] : section('Pipeline', pipeline(report))),
    ...(report.collectives === null ? [] : section('Collectives', collectives(report))),
    ...section('Incidents', incidents(report)),
    ...causes(report),
    ...section('Findings', report.findings.length === 0 ? ['No further finding.', ''] : report.findings.flatMap(findingStory)),
    ...section('Devices', devices(report)),
    ...(report.energy === null ? [] : section('Power and energy', energy(report))),
    ...section('What each detector answered', detectors(report)),
    ...section('What could not be told', cannotTell(report)),
    ...section('Clock and inputs', provenance(report)),
  ];
  const by = `Written by ${report.tool.name} ${md(report.tool.version)}.`;
  return `${[...lines, ...section('Words', words(lines.join('\n'))), by].join('\n')}\n`;
}
