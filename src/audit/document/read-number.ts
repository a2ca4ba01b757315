import { exactStatement, type Frame, type Quantity, type Statement } from '../statement.ts';
import { NUMBER, writtenNumber } from '../written-number.ts';
import { factorOf, type Meaning, unitPattern } from './vocabulary.ts';

const LONGEST_CELL = 100;
const RANGE = /\d\s?[–—-]\s?\d/;
const COUNTS: ReadonlySet<Quantity> = new Set<Quantity>([
  'completed',
  'failed',
  'sent',
  'output_tokens',
  'gpus',
  'concurrency',
  'requested_rate',
]);

/**
 * The statement of a cell or of what follows a label: one number, with its unit or with the label's.
 * undefined for ranges, several numbers, an unknown unit, or none where one is needed: a guess is worse than a gap.
 */
export function readNumber(cell: string, meaning: Meaning, frame: Frame): Statement | undefined {
  if (cell.length > LONGEST_CELL) return undefined;
  const text = cell.replace(/[*`]/g, '').replace(/\$/g, '').trim();
  if (RANGE.test(text)) return undefined;
  const units = unitPattern(meaning.quantity);
  const found = new RegExp(`^${NUMBER}\\s*(?<unit>${units === '' ? '(?!)' : units})?(?:\\s*\\(.*\\))?$`, 'i').exec(text)?.groups;
  if (found === undefined) return undefined;
  const spelled = found['unit'];
  const factor = spelled === undefined ? meaning.factor : factorOf(meaning.quantity, spelled);
  const number = factor === undefined ? undefined : writtenNumber(found, factor, meaning.exact || COUNTS.has(meaning.quantity));
  if (number === undefined) return undefined;
  const { value, lower, upper } = number;
  const { of, statistic } = meaning;
  return {
    ...exactStatement({ ...frame, role: frame.role === 'target' ? 'target' : meaning.role }, meaning.quantity, value, {
      lower,
      upper,
      of,
      statistic,
      text: cell.replace(/[*`]/g, '').trim(),
    }),
  };
}
