import { count, ms, seconds, wallClock } from '#core/format/numbers';
import { CAUSE_TEXT } from '#schema/causes';
import type { Incident } from '#schema/incident';
import type { Report } from '#schema/report';
import { causeTitle } from './wording.ts';
import { throughout } from './worst.ts';

/** What happened, in one plain sentence: no name of a kernel, thread or call; and a second one where it may as well have been something else. */
export function plainSentence({ start_ms, end_ms, requests, causes, excess_ms, tied }: Incident): string {
  const cause = causes[0]?.cause ?? 'unexplained';
  const whom = requests === 0 ? 'the GPU' : count(requests, 'request');
  const cost = requests > 0 && excess_ms > 0 ? `, which cost ${ms(excess_ms)} in all` : '';
  return `At ${seconds(start_ms)}, for ${ms(end_ms - start_ms)}, ${CAUSE_TEXT[cause].plainly} ${whom}${cost}.${tied.length === 0 ? '' : ` It may as well be ${tied.map(c => causeTitle(c).toLowerCase()).join(' or ')}: the data do not tell them apart.`}`;
}

/** When it began as a clock on the wall showed it, for logs and dashboards; '' where the trace does not say. */
export const onTheWall = (report: Report, { start_ns }: Incident): string =>
  report.window.epoch_known ? (wallClock(start_ns).split(' ').slice(1).join(' ') ?? '') : '';

/** Many incidents of one cause as the one story that they are; '' where there are few. */
export function throughoutSentence({ incidents }: Report): string {
  const many = throughout(incidents);
  if (many === undefined) return '';
  return `Slow throughout: ${many.n} of the ${count(incidents.length, 'incident')}, from ${seconds(many.start_ms)} to ${seconds(many.end_ms)}, have one cause: ${causeTitle(many.cause).toLowerCase()}.`;
}
