import type { Frame, Statement } from '../statement.ts';
import type { Grid } from './block.ts';
import { readNumber } from './read-number.ts';
import { statementsOfSentence } from './sentences.ts';
import { type Meaning, meaningOf } from './vocabulary.ts';

const NAMES_ROWS = /^(?:metric|measure|measurement|quantity|kpi|figure|statistic)s?$/i;
const TARGET = /\b(?:target|goal|slo|sla|limit|budget|objective|threshold)\b/i;
/** What would be, is not; and a difference is no value: such columns hold no results. */
const NO_RESULT =
  /\b(?:expect|typical|theor|ideal|example|delta|gain|change|diff|improve|speed-?up|vs|ratio|without|excluding|interval|bound)|Δ/i;

/** A frame for a part of a table. */
const within = (frame: Frame, part: string, subject: string, line: number, role: Statement['role'] = 'result'): Frame => ({
  ...frame,
  subject,
  role,
  scope: [...frame.scope, part],
  source: { ...frame.source, line },
});

/** A row for each step, a column for each quantity. */
function stepsTable(grid: Grid, meanings: readonly (Meaning | undefined)[], frame: Frame): Statement[] {
  const sweep = frame.scope.join(' / ');
  return grid.rows.flatMap(({ line, cells }) => {
    const named = cells
      .slice(0, 2)
      .map((c, i) => `${c.replace(/[*`]/g, '')}${/^[\d.,]+$/.test(c) ? ` ${grid.header[i] ?? ''}` : ''}`)
      .join(', ');
    const own = { ...within(frame, `row ${line}`, named, line), sweep };
    return cells.flatMap((cell, i) => {
      const meaning = meanings[i];
      if (meaning === undefined) return statementsOfSentence(cell, own);
      const statement = readNumber(cell, meaning, own);
      return statement === undefined ? [] : [statement];
    });
  });
}

/** A row for each quantity, a column for each run, or for a target. */
function figuresTable(grid: Grid, frame: Frame): Statement[] {
  return grid.rows.flatMap(({ line, cells }) => {
    const [label = '', ...values] = cells;
    const meaning = meaningOf(label);
    if (meaning === undefined) return [];
    return values.flatMap((cell, i) => {
      const head = grid.header[i + 1] ?? '';
      if (NO_RESULT.test(head)) return [];
      const own = TARGET.test(head)
        ? within(frame, `row ${line}`, `${head}: ${label}`, line, 'target')
        : within(frame, `column ${i + 1}`, head === '' ? frame.subject : head, line);
      const statement = readNumber(cell, meaning, own);
      return statement === undefined ? statementsOfSentence(cell, within(frame, `row ${line}`, label, line)) : [statement];
    });
  });
}

/** The statements of a table whose heading has words that are known. `frame` is the table's own. */
export function statementsOfTable(grid: Grid, frame: Frame): Statement[] {
  if (NAMES_ROWS.test((grid.header[0] ?? '').trim())) return figuresTable(grid, frame);
  const meanings = grid.header.map(head => {
    const meaning = NO_RESULT.test(head) ? undefined : meaningOf(head);
    // "Target QPS" is how the run was set; "Target p99" is no result of it.
    return TARGET.test(head) && meaning?.role === 'result' ? undefined : meaning;
  });
  return meanings.some(m => m !== undefined) ? stepsTable(grid, meanings, frame) : [];
}
