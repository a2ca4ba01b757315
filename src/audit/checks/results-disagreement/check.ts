import { contradiction, defineCheck } from '../../define.ts';
import { familyOf, isSameFigure, runsOf, sharedExactly, thousandfold } from '../../matching-runs.ts';
import { apart } from '../../range.ts';
import { QUANTITIES, type Statement } from '../../statement.ts';
import { fileOf, sameScope } from '../../statement-set.ts';
import { num, statisticName } from '../../wording.ts';

/** Two tools may cut the same run a little differently. */
const SLACK = 0.01;
/** So many figures of three digits that do not follow from each other, equal in both, are no chance. */
const PROOF = 2;

const figure = (c: Statement): string =>
  [c.of, statisticName(c.statistic), c.quantity.replace(/_/g, ' ')].filter(s => s !== '').join(' ') +
  ` ${num(c.value)}${QUANTITIES[c.quantity] === '' ? '' : ` ${QUANTITIES[c.quantity]}`}`;

const isExact = (c: Statement): boolean => c.lower === c.upper;

function disagreements(a: readonly Statement[], b: readonly Statement[]) {
  const values = new Set(b.map(c => c.value));
  // Exact accounts of one run have exactly equal figures: without any there is no need to look at all pairs.
  if (a.every(isExact) && b.every(isExact) && !a.some(c => values.has(c.value))) return [];
  const pairs = a.flatMap(one => b.filter(other => isSameFigure(one, other)).map(other => [one, other] as const));
  const shared = pairs.filter(([one, other]) => sharedExactly(one, other));
  // The same value under several names, as mean and maximum of one, is one proof.
  const distinct = shared.filter(([one], i) => shared.findIndex(([o]) => o.value === one.value) === i);
  const families = new Set(distinct.map(([one]) => familyOf(one)).filter(f => f !== undefined));
  if (families.size < PROOF) return [];
  return pairs
    .filter(([one, other]) => apart(one, other, SLACK) && !thousandfold(one, other) && !thousandfold(other, one))
    .map(([one, other]) => {
      const same = shared.map(([s]) => figure(s)).join(', ');
      const sentence = `${figure(one)} in ${one.source.file}, but ${figure(other)} in ${other.source.file}, although both tell of one run: ${same} stand in both.`;
      return contradiction('impossible', one, { what: 'the other file', value: other.value, unit: QUANTITIES[other.quantity] }, sentence, [
        other,
      ]);
    });
}

export default defineCheck({
  id: 'results-disagreement',
  title: 'One run, two results',
  formula:
    'accounts of one run in two files agree within 1 %; two independent figures of three digits that are equal in both prove that it is one run',
  source: 'the definition of a result',
  find: set => {
    const all = runsOf(set);
    return all.flatMap((a, i) =>
      all.slice(i + 1).flatMap(b => {
        const [x, y] = [a[0], b[0]];
        return x === undefined || y === undefined || sameScope(x, y) || fileOf(x) === fileOf(y) ? [] : disagreements(a, b);
      }),
    );
  },
});
