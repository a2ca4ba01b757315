import { bytes, plain } from '#core/format/numbers';
import type { EvidenceItem } from '#schema/evidence-item';
import { lengthWords } from './timeline-words.ts';

type Value = EvidenceItem['rows'][number][string];

/** Columns that hold a moment of the session; every other column in ns holds a length of time. */
const MOMENT = /^(start|end|t)_ns$/;
/** Numbers that name something: grouping their digits would keep them from being searched for. */
const IDENTIFIER = /(^|_)(pid|id|value|kind)$/;

const HEADS: Readonly<Record<string, string>> = {
  pid: 'Process',
  thread_id: 'Thread',
  device_id: 'GPU',
  stream_id: 'Stream',
  correlation_id: 'Correlation',
  t_ns: 'At',
  dur_ns: 'Length',
  excess_ns: 'Longer by',
  grid_yz: 'Grid y × z',
};

/** A column of an evidence query as a person reads it: its unit stands with each value. */
export function evidenceHead(column: string): string {
  const known = HEADS[column];
  if (known !== undefined) return known;
  const words = column.replace(/_(ns|bytes)$/, '').replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Microseconds matter where single operations are listed. */
const moment = (ns: number) => `${(ns / 1e9).toFixed(6)} s`;

/** A value of an evidence query in its unit: moments on the session's clock, lengths in ms or µs, sizes in KiB and up. */
export function evidenceCell(column: string, value: Value | undefined): string {
  if (value === null || value === undefined) return '–';
  if (typeof value !== 'number') return String(value);
  if (MOMENT.test(column)) return moment(value);
  if (column.endsWith('_ns')) return lengthWords(value / 1e6);
  if (/(^|_)bytes$/.test(column)) return bytes(value);
  return IDENTIFIER.test(column) ? String(value) : plain(value);
}
