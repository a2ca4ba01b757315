import type { Drift } from '#schema/drift';
import type { Snapshot } from '#schema/snapshot';
import { snapshotAnswer, takenAt } from './answer.ts';

/** A snapshot for a terminal: what the machine is, what does not fit, what is not known. */
export const snapshotLines = (snapshot: Snapshot): readonly string[] => [
  snapshotAnswer(snapshot),
  takenAt(snapshot),
  '',
  ...snapshot.fits.filter(f => f.fit === 'incompatible').map(f => `does not fit  ${f.of} on ${f.with}. ${f.rule}`),
  ...snapshot.fits.filter(f => f.fit === 'compatible').map(f => `compatible    ${f.of} on ${f.with}`),
  ...snapshot.missing.map(m => `not known     ${m.what}: ${m.why}`),
  ...snapshot.notes.map(note => `note          ${note}`),
];

/** How a machine differs from what it was, for a terminal. */
export const driftLines = (drift: Drift): readonly string[] => [
  drift.answer,
  ...(drift.items.length === 0 ? [] : ['']),
  ...drift.items.map(({ severity, text }) => `${severity.padEnd(12)}  ${text}`),
  ...drift.not_compared.map(line => `not compared  ${line}`),
];
