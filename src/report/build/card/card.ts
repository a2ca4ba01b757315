import { count } from '#core/format/numbers';
import { CARD_SECTIONS, CARD_VERDICTS, Card, type CardRow, type CardSection } from '#schema/card';
import type { CardDocuments, SectionOf } from './documents.ts';
import { machineLines } from './machine-lines.ts';
import { energy } from './sections/energy.ts';
import { hardware } from './sections/hardware.ts';
import { incidents } from './sections/incidents.ts';
import { knees } from './sections/knees.ts';
import { physics } from './sections/physics.ts';
import { pipeline } from './sections/pipeline.ts';
import { regressions } from './sections/regressions.ts';
import { run } from './sections/run.ts';
import { serving } from './sections/serving.ts';

const SECTIONS: Readonly<Record<CardSection, SectionOf>> = {
  ...{ run, hardware, physics, serving, knees, pipeline, energy, incidents, regressions },
};

/** The verdict of several: what fails counts before what warns, and this before what passes. Nobody passes of whom nothing was measured. */
function together(verdicts: readonly Card['verdict'][]): Card['verdict'] {
  if (verdicts.includes('fail')) return 'fail';
  if (verdicts.includes('warn')) return 'warn';
  return verdicts.includes('pass') ? 'pass' : 'not-measured';
}

const FIRST: Readonly<Record<Card['verdict'], string>> = {
  ...{ fail: 'fails', warn: 'passes, with something to look at', pass: 'passes', 'not-measured': 'is not measured' },
};

const named = ({ what, figure, limit }: CardRow): string =>
  `${what}${figure === null ? '' : ` (${figure}${limit === null ? '' : `, limit ${limit}`})`}`;

/** The most that the first sentence names. */
const TOLD = 3;

/** The verdict first, then what it is for. */
function answerOf(name: string, verdict: Card['verdict'], rows: readonly CardRow[]): string {
  const of = (wanted: CardRow['verdict']) => rows.filter(r => r.verdict === wanted);
  // What several runs show alike is named once.
  const grave = verdict === 'fail' || verdict === 'warn' ? [...new Set(of(verdict).map(named))] : [];
  const more = grave.length > TOLD ? `; and ${count(grave.length - TOLD, 'more', 'more')}` : '';
  const why = grave.length === 0 ? '' : `: ${grave.slice(0, TOLD).join('; ')}${more}`;
  const counts = CARD_VERDICTS.map(v => `${of(v).length} ${v === 'not-measured' ? 'not measured' : v}`).join(', ');
  return `${name} ${FIRST[verdict]}${why}. Of ${count(rows.length, 'row')}: ${counts}.`;
}

/** A card of all that was found. @param name of the machine or the release */
export function buildCard(name: string, documents: CardDocuments, version: string): Card {
  const sections = CARD_SECTIONS.flatMap(section => {
    const { rows, figures } = SECTIONS[section](documents);
    if (rows.length === 0 && figures.length === 0) return [];
    const own = rows.map(r => ({ section, ...r }));
    return [{ section, verdict: together(own.map(r => r.verdict)), rows: own, figures: figures.map(f => ({ section, ...f })) }];
  });
  const rows = sections.flatMap(s => s.rows);
  const verdict = together(rows.map(r => r.verdict));
  return Card.parse({
    ...{ schema: 'forensics.card/1', tool: { name: 'forensics', version }, name, verdict, answer: answerOf(name, verdict, rows) },
    ...{ machine: [...machineLines(documents)], sections },
  } satisfies Card);
}
