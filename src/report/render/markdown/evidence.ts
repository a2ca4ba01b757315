import { ms, percent, seconds } from '#core/format/numbers';
import type { EvidenceItem } from '#schema/evidence-item';
import type { Incident } from '#schema/incident';
import type { Finding, RankedCause, Report } from '#schema/report';
import { commandLine } from '../command-line.ts';
import { evidenceCell, evidenceHead } from '../evidence-cells.ts';
import { onTheWall, plainSentence } from '../incident-wording.ts';
import { parallelOnly } from '../parallel/wording.ts';
import { launchingWords } from '../timeline-words.ts';
import { incidentOf, NO_ROWS_KEPT, queriesOf } from '../whose-evidence.ts';
import { bearingOn, causeTitle, sentence, whatIf } from '../wording.ts';
import { fenced, md, table } from './text.ts';

/** The rows, what they show, and the command that gives them. */
const evidence = (items: readonly EvidenceItem[]) =>
  items.flatMap(item => [
    md(sentence(item.shows)),
    '',
    ...rowsOf(item),
    'To run the query again (TRACE is the trace file):',
    '',
    ...fenced(commandLine(item)),
  ]);

function rowsOf({ rows }: EvidenceItem): string[] {
  const names = [...new Set(rows.flatMap(row => Object.keys(row)))];
  if (names.length === 0) return ['No row.', ''];
  return table(
    names.map(evidenceHead),
    rows.map(row => names.map(name => evidenceCell(name, row[name]))),
    names.flatMap((name, i) => (rows.some(row => typeof row[name] === 'number') ? [i] : [])),
  );
}

/** Who launched the work, and the queries that list all that the page draws. */
function timeline({ timeline: drawn }: Incident): string[] {
  if (drawn === null) return [];
  return [
    md([launchingWords(drawn), 'To list all that ran then, and for half as long before and after:'].filter(s => s !== '').join(' ')),
    '',
    ...fenced(drawn.by_hand.map(commandLine).join('\n')),
  ];
}

/** Without rows of its own: how to get them. */
function byHand(incident: Incident, report: Report): string[] {
  const queries = queriesOf(incident, report);
  return queries.length === 0
    ? ['No evidence is kept for this incident.', '']
    : [NO_ROWS_KEPT, '', ...fenced(queries.map(commandLine).join('\n'))];
}

export function incidentStory(incident: Incident, report: Report): string[] {
  const wall = onTheWall(report, incident);
  return [
    `### ${md(incident.id)}: ${seconds(incident.start_ms)} to ${seconds(incident.end_ms)}${wall === '' ? '' : ` (${wall})`}`,
    '',
    `**${md(plainSentence(incident))}**`,
    '',
    ...table(
      ['Cause', 'What it was', 'Time lost', 'Share of the incident'],
      incident.causes.map(c => [causeTitle(c.cause), c.subject, ms(c.excess_ms), percent(c.share)]),
      [2, 3],
    ),
    ...timeline(incident),
    ...(incident.evidence.length > 0 ? evidence(incident.evidence) : byHand(incident, report)),
  ];
}

/** States of the machine that may lie behind a cause; each is told in full among the findings. */
const behind = (states: readonly Finding[]): string[] =>
  states.length === 0
    ? []
    : [`**State of the machine** (see Findings): ${md(states.map(f => `${f.title} (${f.severity})`).join('; '))}`, ''];

/** Without requests nothing is split by cause, and there is no p99. */
export function causeStory(cause: RankedCause, report: Report): string[] {
  const judged = !parallelOnly(report);
  const states = bearingOn(report, cause.cause);
  const of = incidentOf(cause, report);
  const lost = `${ms(cause.excess_ms)}, ${percent(cause.share)} of ${judged ? 'the delay of the slow requests' : 'the time lost'}`;
  const p99 = judged ? `; p99 without it ${whatIf(cause.p99_without_ms)}` : '';
  return [
    `### ${cause.rank}. ${causeTitle(cause.cause)}`,
    '',
    `${md(sentence(cause.subject))} ${lost}${p99}. Confidence ${cause.confidence}: ${md(sentence(cause.why_confidence))}`,
    '',
    ...behind(states),
    `**What to do:** ${md(cause.advice)}`,
    '',
    ...(of === undefined ? [] : [`Evidence of ${md(of)}, the worst of its incidents:`, '']),
    ...evidence(cause.evidence),
  ];
}

export const findingStory = (finding: Finding): string[] => [
  `### ${md(finding.title)} (${finding.severity})`,
  '',
  md(finding.detail),
  '',
  `**What to do:** ${md(finding.advice)}`,
  '',
  ...evidence(finding.evidence),
];
