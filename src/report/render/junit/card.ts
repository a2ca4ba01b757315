import type { Card, CardRow } from '#schema/card';
import { type Case, junitOf } from './document.ts';

const KIND: Readonly<Record<CardRow['verdict'], Case['kind']>> = {
  ...{ pass: 'passed', warn: 'passed', fail: 'failure', 'not-measured': 'skipped' },
};

const caseOf = ({ section, what, verdict, figure, limit, reason, source }: CardRow): Case => ({
  suite: section,
  name: what,
  kind: KIND[verdict],
  message: [verdict, ...(figure === null ? [] : [figure]), ...(limit === null ? [] : [`limit ${limit}`])].join(', '),
  detail: [reason, source ?? ''].filter(text => text !== '').join(' '),
});

/** A card as JUnit XML: each row is a test. What was not measured is skipped, never passed; what warns passes and says so. */
export const cardJunit = ({ sections }: Card): string => junitOf(sections.map(({ section, rows }) => [section, rows.map(caseOf)]));
