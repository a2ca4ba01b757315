import { expect, test } from 'vitest';
import { sampleReport } from '#test/report-sample/sample';
import { agreeing } from './agreeing.ts';

test('a report that contradicts itself says so and is not lost', () => {
  const report = sampleReport(60);
  expect(agreeing(report)).toEqual(report);
  const [first] = report.incidents;
  const odd = { ...report, incidents: report.incidents.map(i => (i === first ? { ...i, end_ms: i.start_ms - 1 } : i)) };
  const told = agreeing(odd);
  expect(told.incidents).toEqual(odd.incidents);
  expect(told.cannot_tell[0]).toMatch(/^Whether this report is right: I1 ends before it begins\. That is a bug of forensics/);
});
