import { ms, percent, plain } from '#core/format/numbers';
import type { Report } from '#schema/report';
import { causeTitle } from '../wording.ts';

type SummaryCause = Report['summary']['causes'][number];

/** The heads of the table of causes: in each rendering the same. */
export const HEADS = ['Cause', 'Cost', 'Share', 'Requests', 'When', 'What to do'] as const;
/** Columns of numbers. */
export const NUMERIC = [1, 2, 3] as const;

/** A cause as a row of that table. */
export const rowOf = (c: SummaryCause): string[] => [
  causeTitle(c.cause),
  ms(c.excess_ms),
  percent(c.share),
  c.requests === null ? '–' : plain(c.requests),
  c.when,
  c.action,
];

/** What the share is of, below the table. */
export const shareWords = (report: Report): string =>
  report.requests === null
    ? 'Share is of the time that the devices lost.'
    : 'Share is of all the time that slow requests lost; Requests counts those that lost a tenth of theirs to the cause.';

/** Causes that the table leaves out; '' for none. */
export const othersWords = ({ summary: { others } }: Report): string =>
  others === 0 ? '' : `${others === 1 ? 'One more cause' : `${plain(others)} more causes`} in the report.`;

/** What cannot be told, as one paragraph; '' where nothing was left open. */
export const limitsWords = ({ summary: { cannot_tell } }: Report): string =>
  cannot_tell.length === 0
    ? ''
    : `Cannot be told: ${cannot_tell.map(l => l.charAt(0).toLowerCase() + l.slice(1).replace(/\.$/, '')).join('; ')}.`;
