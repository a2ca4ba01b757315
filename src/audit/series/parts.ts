import { sum } from 'd3-array';
import { num } from '#audit/wording';
import type { Teller } from './frame.ts';

type Named = readonly [name: string, value: number];

/** Parts and what they make, all in one unit. */
interface Sum {
  /** What they are parts of. */
  readonly of: string;
  readonly parts: readonly Named[];
  readonly whole: Named;
  readonly unit: string;
  /** How far the sum may be off when all is well, in that unit: how the numbers were rounded. */
  readonly doubt: number;
  /** Whether the parts are all there are, or may leave something over. */
  readonly rule: 'equal' | 'at most';
  readonly path: string;
}

/** States parts and their whole, for the check parts-of-whole. */
export function tellSum({ tell }: Teller, { of, parts, whole: [name, value], unit, doubt, rule, path }: Sum): void {
  const total = sum(parts, ([, v]) => v);
  if (parts.length === 0) return;
  const amount = (v: number) => (unit === '' ? num(v) : `${num(v)} ${unit}`);
  const terms = parts.map(([part, v]) => `${part} ${amount(v)}`).join(' + ');
  tell('parts', total, path, {
    of,
    lower: total - doubt,
    upper: total + doubt,
    text: parts.length === 1 ? terms : `${terms} = ${amount(total)}`,
  });
  const lower = rule === 'equal' ? value : Number.NEGATIVE_INFINITY;
  tell('whole', value, path, { of, lower, upper: value, text: `${name} ${amount(value)}` });
}
