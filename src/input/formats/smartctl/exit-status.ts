import type { FactRow } from '#schema/relation';
import { entityOf, type SmartReport } from './schema.ts';

/** Bits of the exit status (man 8 smartctl, "EXIT STATUS"): 0 is a wrong command line, 1 a disk that could not be opened. */
const UNREAD = 0b11;
const BITS = [
  [2, 'some SMART command failed'],
  [3, 'disk is failing'],
  [4, 'prefail attribute at or below its threshold'],
  [5, 'attribute was at or below its threshold in the past'],
  [6, 'error log holds errors'],
  [7, 'self-test log holds errors'],
] as const;

/** Whether the disk could not be read at all. */
export const isUnread = (status: number): boolean => (status & UNREAD) !== 0;

/** What each bit says, the ones that are not set too: that nothing was found is also a fact. */
export const exitFacts = (report: SmartReport, status: number): FactRow[] =>
  BITS.map(([bit, name]) => ({ entity: entityOf(report), name, value: (status & (1 << bit)) !== 0, unit: '' }));
