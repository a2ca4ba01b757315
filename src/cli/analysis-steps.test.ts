import { expect, test } from 'vitest';
import { analysisSteps } from './analysis-steps.ts';

test('each step says how far the analysis is, and goes on from the one before', () => {
  const told: string[] = [];
  const tell = analysisSteps(text => told.push(text));
  for (const step of ['passed over a.txt: no known format', 'reading GPU work', 'finding what held requests up', 'writing the report'])
    tell(step);
  expect(told).toEqual([
    'passed over a.txt: no known format',
    'reading GPU work (15 %)',
    'finding what held requests up (27 %)',
    'writing the report (83 %)',
  ]);
});
