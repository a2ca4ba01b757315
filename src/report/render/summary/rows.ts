import { ms, percent, plain } from '#core/format/numbers';
import type { Report } from '#schema/report';
import { causeTitle } from '../wording.ts';

type SummaryCause = Report['summary']['causes'][number];

interface Column {
  readonly head: string;
  readonly isNumber: boolean;
  readonly cell: (c: SummaryCause) => string;
}

const COLUMNS: readonly Column[] = [
  { head: 'Cause', isNumber: false, cell: c => causeTitle(c.cause) },
  { head: 'Time lost', isNumber: true, cell: c => ms(c.excess_ms) },
  { head: 'Share', isNumber: true, cell: c => percent(c.share) },
  { head: 'Requests', isNumber: true, cell: c => (c.requests === null ? '–' : plain(c.requests)) },
  { head: 'When', isNumber: false, cell: c => c.when },
  { head: 'What to do', isNumber: false, cell: c => c.action },
];

/** The table of causes, in each rendering the same. Requests have a column only where requests were judged. */
export interface CauseTable {
  readonly heads: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Columns of numbers. */
  readonly numeric: readonly number[];
}

export function causeTable({ summary: { causes } }: Report): CauseTable {
  const shown = COLUMNS.filter(c => c.head !== 'Requests' || causes.some(cause => cause.requests !== null));
  return {
    heads: shown.map(c => c.head),
    rows: causes.map(cause => shown.map(c => c.cell(cause))),
    numeric: shown.flatMap((c, i) => (c.isNumber ? [i] : [])),
  };
}

/** What time lost and share are of, below the table. */
export function shareWords({ requests, training, pipeline, collectives }: Report): string {
  if (requests !== null)
    return `Time lost: the delay that the cause added, summed over the ${plain(requests.slow)} slow requests. Share: of their whole delay. Requests: those with a tenth or more of their delay from it.`;
  // Its causes stand in the table, also where a training ran as one.
  if (pipeline !== null) return 'Time lost: device time beyond theory, all schedules together. Share: of that.';
  if (training !== null) return 'Time lost: what slow steps took beyond the usual, each second counted once.';
  return collectives !== null
    ? 'Time lost: what ranks waited for the late one, added up. Share: of the waiting of all ranks.'
    : 'Time lost: device time.';
}

/** Causes that the table leaves out; '' for none. */
export const othersWords = ({ summary: { others } }: Report): string =>
  others === 0 ? '' : `${others === 1 ? 'One smaller cause stands' : `${plain(others)} smaller causes stand`} under Causes.`;

/** What cannot be told, as one paragraph; '' where nothing was left open. */
export const limitsWords = ({ summary: { cannot_tell } }: Report): string =>
  cannot_tell.length === 0
    ? ''
    : `Not known: ${cannot_tell.map(l => l.charAt(0).toLowerCase() + l.slice(1).replace(/\.$/, '')).join('; ')}.`;
