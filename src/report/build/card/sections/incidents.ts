import { count, percent } from '#core/format/numbers';
import type { Report } from '#schema/report';
import { notMeasured, row, type SectionOf, type Told } from '../documents.ts';
import { isOfMachine } from './hardware.ts';

/** Findings of a report as it grades them: a grave one is worth a look before anything goes to production, and fails no target by itself. */
function ofReport({ source, data }: Told<Report>) {
  const findings = data.findings.filter(f => !isOfMachine(f) && (f.severity === 'high' || f.severity === 'medium'));
  const held = data.incidents.length;
  if (findings.length === 0)
    return [row('causes of delay', 'pass', { figure: `none, ${count(held, 'incident')}`, value: held, limit: 'none of weight', source })];
  return findings.map(f => {
    const cause = data.causes.find(c => c.cause === f.id);
    return row(f.title, 'warn', {
      figure: cause === undefined ? f.severity : `${percent(cause.share)} of the delay`,
      ...{ value: cause?.share ?? null, limit: 'none of weight', source, reason: f.advice },
    });
  });
}

/** What held requests up. */
export const incidents: SectionOf = ({ reports }) => ({
  rows: reports.length === 0 ? [notMeasured('causes of delay', 'forensics analyze looks for them')] : reports.flatMap(ofReport),
  figures: [],
});
