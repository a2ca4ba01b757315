/** Columns of every version of hey and of its forks, in their order. */
export const HEY_COLUMNS = ['response-time', 'DNS+dialup', 'DNS', 'Request-write', 'Response-delay', 'Response-read'] as const;
/** Columns that hey added in 2018, and that some forks lack. */
export const HEY_STATUS = 'status-code';
export const HEY_OFFSET = 'offset';

/** hey writes times with four decimals, so such a cell is complete even where no line break follows. */
export const isFourDecimals = (cell: string): boolean => /^\d+\.\d{4}$/.test(cell);

/** What hey leaves out (requester/report.go): requests that got no answer, and all after the first million. */
export const HEY_LIMITS: readonly string[] = [
  'hey writes only requests that were answered: those that failed without an answer (timeout, refused) are not in the file.',
  'hey writes at most one million requests, in steps of 0.1 ms.',
];
