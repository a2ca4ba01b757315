import { ms, percent, seconds } from '#core/format/numbers';
import { md, prose, table } from '#report/render/markdown/text';
import { subjectOf } from '#report/render/wording';
import { CAUSE_TEXT } from '#schema/causes';
import type { Report } from '#schema/report';

/** GitHub takes 1 MiB a step, and shows nothing of a summary that is longer: far below that, lists end with a word. */
const MOST_CHARS = 200_000;
const MOST_ROWS = 20;

/**
 * A report as the summary of a step of GitHub Actions: the answer, the causes, what needs doing, and what nobody can tell.
 * @param place where the whole report lies, as the reader of a log can find it
 */
export function renderGithubSummary(report: Report, place: string): string {
  const causes = report.causes
    .slice(0, MOST_ROWS)
    .map(c => [CAUSE_TEXT[c.cause].title, ms(c.excess_ms), percent(c.share), c.confidence, c.subject, c.advice]);
  const incidents = report.incidents
    .slice(0, MOST_ROWS)
    .map(i => [i.id, seconds(i.start_ms), ms(i.held_up_ms), i.requests, CAUSE_TEXT[i.causes[0]?.cause ?? 'unexplained'].title]);
  const text = [
    `## forensics: ${md(subjectOf(report))}`,
    '',
    ...prose(report.answer),
    ...(causes.length === 0 ? [] : table(['cause', 'time lost', 'share of it', 'confidence', 'where', 'what to do'], causes, [1, 2])),
    ...(incidents.length === 0 ? [] : table(['incident', 'starts at', 'delay', 'requests', 'first cause'], incidents, [1, 2, 3])),
    ...(report.incidents.length > MOST_ROWS ? [`The first ${MOST_ROWS} of ${report.incidents.length} incidents.`, ''] : []),
    ...(report.cannot_tell.length === 0
      ? []
      : ['What cannot be told:', '', ...report.cannot_tell.slice(0, MOST_ROWS).map(s => `- ${md(s)}`), '']),
    `The whole report: \`${place.replaceAll('`', '')}\``,
    '',
  ].join('\n');
  return text.length <= MOST_CHARS ? text : `${text.slice(0, MOST_CHARS)}\n\nThe summary ends here; the report holds all.\n`;
}
