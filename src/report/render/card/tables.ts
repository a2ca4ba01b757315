import { plain } from '#core/format/numbers';
import type { Card, CardFigure, CardRow, CardSection, CardVerdict } from '#schema/card';
import { type Listing, listing } from '../parallel/listing.ts';

export const VERDICT_WORDS: Readonly<Record<CardVerdict, string>> = {
  ...{ pass: 'pass', warn: 'warn', fail: 'fail', 'not-measured': 'not measured' },
};
export const SECTION_TITLES: Readonly<Record<CardSection, string>> = {
  ...{ run: 'The run', hardware: 'Hardware', physics: 'Physics', serving: 'Serving', knees: 'Knees', pipeline: 'Pipeline' },
  ...{ energy: 'Energy and cost', incidents: 'Incidents', regressions: 'Regressions' },
};

/** What was judged, or should have been. */
export const rowTable = (caption: string, rows: readonly CardRow[]): Listing =>
  listing(caption, rows, [
    { head: 'Verdict', text: r => VERDICT_WORDS[r.verdict] },
    { head: 'What', text: r => r.what, prose: true },
    { head: 'Figure', text: r => r.figure ?? '–' },
    { head: 'Limit', text: r => r.limit ?? '–' },
    { head: 'Why', text: r => r.reason, prose: true },
    { head: 'Source', text: r => r.source ?? '–' },
  ]);

const range = ({ low, high, runs }: CardFigure): string => (runs === 1 ? '–' : `${plain(low)} to ${plain(high)}`);

/** Numbers that nothing is held against. */
export const figureTable = (figures: readonly CardFigure[]): Listing =>
  listing('Figures without a limit', figures, [
    { head: 'What', text: f => f.what },
    { head: 'Median of the runs', text: f => `${plain(f.value)} ${f.unit}`.trimEnd(), numeric: true },
    { head: 'Lowest to highest', text: range, numeric: true },
    { head: 'Runs', text: f => plain(f.runs), numeric: true },
    { head: 'Source', text: f => f.source },
  ]);

/** The card in a line a section. */
export const overview = ({ sections }: Card): Listing =>
  listing('At a glance', sections, [
    { head: 'Section', text: s => SECTION_TITLES[s.section] },
    { head: 'Verdict', text: s => VERDICT_WORDS[s.verdict] },
    { head: 'Pass', text: s => String(s.rows.filter(r => r.verdict === 'pass').length), numeric: true },
    { head: 'Warn', text: s => String(s.rows.filter(r => r.verdict === 'warn').length), numeric: true },
    { head: 'Fail', text: s => String(s.rows.filter(r => r.verdict === 'fail').length), numeric: true },
    { head: 'Not measured', text: s => String(s.rows.filter(r => r.verdict === 'not-measured').length), numeric: true },
  ]);
