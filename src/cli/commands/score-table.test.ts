import { expect, test } from 'vitest';
import { scoreTable } from './score-table.ts';

const scored = {
  capture: 'it',
  faults: 2,
  ac1: 0.5,
  ac3: 1,
  abstained: 0,
  falseAccusations: 1,
  unexplainedShare: 0.126,
  worstStartError_ms: 12.34,
  medianStartError_ms: 0,
};
const empty = { capture: 'calm', faults: 0, ac1: null, ac3: null, abstained: 0, falseAccusations: 0, unexplainedShare: null };

test('the table has a row for each capture, and a dash where there is nothing to say', () => {
  const table = scoreTable([{ ...empty, worstStartError_ms: null, medianStartError_ms: null }, scored]).split('\n');
  expect(table).toHaveLength(4);
  expect(table.slice(2)).toEqual(['| calm | 0 | – | – | 0 | 0 | – | – | – |', '| it | 2 | 50 % | 100 % | 1 | 0 | 13 % | 0.0 | 12.3 |']);
});
