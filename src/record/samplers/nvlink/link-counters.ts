import { linkLines } from './link-lines.ts';

/** The counters of one link, by column; digits as nvidia-smi gave them, since they may exceed 2^53. */
export interface LinkCounters {
  readonly gpu: number;
  readonly link: number;
  readonly counters: ReadonlyMap<string, string>;
}

/** Always there, in this order; what else a driver counts follows. */
const COLUMNS = ['tx_kib', 'rx_kib', 'replay_errors', 'recovery_errors', 'crc_errors'] as const;

/** Throughput has had several labels over the years. */
const TRAFFIC: Readonly<Record<string, string>> = {
  'Data Tx': 'tx_kib',
  'Data Rx': 'rx_kib',
  Tx0: 'tx_kib',
  Rx0: 'rx_kib',
  Tx: 'tx_kib',
  Rx: 'rx_kib',
};
/** Not errors: bucket 0 of the corrected code words counts in billions on a healthy link, and traffic is in tx_kib and rx_kib. */
const PASSED_OVER = /^(?:FEC Errors - \d+|[TR]x (?:packets|bytes))$/i;

const columnOf = (label: string): string =>
  TRAFFIC[label] ??
  label
    .toLowerCase()
    .replace(/[^a-z\d]+/g, '_')
    .replace(/^_|_$/g, '');

/** Joins the answers of `nvidia-smi nvlink -gt d` (throughput) and `-e` (errors) by link, in the order of GPUs and links. */
export function linkCounters(...answers: readonly string[]): LinkCounters[] {
  const links = new Map<string, { gpu: number; link: number; counters: Map<string, string> }>();
  for (const { gpu, link, label, value } of answers.flatMap(linkLines)) {
    const digits = /^(\d+)(?: KiB)?$/.exec(value)?.[1];
    if (label === undefined || digits === undefined || PASSED_OVER.test(label)) continue;
    const key = `${gpu}/${link}`;
    const row = links.get(key) ?? { gpu, link, counters: new Map<string, string>() };
    links.set(key, row);
    row.counters.set(columnOf(label), digits);
  }
  return [...links.values()].sort((a, b) => a.gpu - b.gpu || a.link - b.link);
}

/** Columns for all counters that occur: the common ones, then what only this driver has. */
export const columnsFor = (rows: readonly LinkCounters[]): string[] => [
  ...new Set<string>([...COLUMNS, ...rows.flatMap(row => [...row.counters.keys()])]),
];

/** Lines of nvlink.csv; a counter that a link does not have is empty. */
export const linkCsv = (timeNs: bigint, rows: readonly LinkCounters[], columns: readonly string[]): string =>
  rows.map(row => `${[timeNs, row.gpu, row.link, ...columns.map(column => row.counters.get(column) ?? '')].join(',')}\n`).join('');
