import type { Card, CardFigure, CardRow } from '#schema/card';
import type { Certification } from '#schema/certification';
import type { Comparison } from '#schema/comparison';
import type { EnergyRuns } from '#schema/energy';
import type { Health } from '#schema/health';
import type { Load } from '#schema/load';
import type { Report } from '#schema/report';
import type { Run } from '#schema/run';
import type { Snapshot } from '#schema/snapshot';
import type { Step } from '#schema/step';
import type { Judgement } from '#schema/targets';

/** A document, and the file that it was read from. */
export interface Told<Data> {
  readonly source: string;
  readonly data: Data;
}

/** All that a card rests on: what was found in the folders, by kind. */
export interface CardDocuments {
  readonly steps: readonly Told<Step>[];
  readonly snapshots: readonly Told<Snapshot>[];
  readonly healths: readonly Told<Health>[];
  readonly certifications: readonly Told<Certification>[];
  readonly loads: readonly Told<Load>[];
  readonly reports: readonly Told<Report>[];
  readonly energies: readonly Told<EnergyRuns>[];
  readonly judgements: readonly Told<Judgement>[];
  readonly comparisons: readonly Told<Comparison>[];
  /** The same loads and reports, as runs that can be compared. */
  readonly runs: readonly Told<Run>[];
}

/** What a section says: rows that are judged, and numbers that nothing is held against. */
export interface SectionFacts {
  readonly rows: readonly Omit<CardRow, 'section'>[];
  readonly figures: readonly Omit<CardFigure, 'section'>[];
}

/** How a section comes out of the documents. */
export type SectionOf = (documents: CardDocuments) => SectionFacts;

export type RowVerdict = Card['verdict'];
const NOTHING = { figure: null, value: null, unit: '', limit: null, source: null, reason: '' } as const;

/** A row of which only some is known. */
export const row = (
  what: string,
  verdict: RowVerdict,
  known: Partial<Omit<CardRow, 'section' | 'what' | 'verdict'>>,
): Omit<CardRow, 'section'> => ({ ...NOTHING, ...known, what, verdict });

/** Nobody measured it. @param reason what would */
export const notMeasured = (what: string, reason: string, source: string | null = null): Omit<CardRow, 'section'> =>
  row(what, 'not-measured', { reason, source });
