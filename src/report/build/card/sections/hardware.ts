import { count } from '#core/format/numbers';
import type { Finding } from '#schema/report';
import { notMeasured, type RowVerdict, row, type SectionOf } from '../documents.ts';

const VERDICT: Readonly<Record<Finding['severity'], RowVerdict>> = { high: 'fail', medium: 'warn', low: 'warn', info: 'pass' };
/** What the machine itself showed under load is told where the machine is. */
export const isOfMachine = ({ id }: Finding): boolean => id.startsWith('machine-');

const ofFinding = (source: string, { title, severity, advice }: Finding) =>
  row(title, VERDICT[severity], { figure: severity, limit: 'no sighting', source, reason: advice });

/** The state of the machine, by the rules: as it was before the load, and as it showed itself under it. */
export const hardware: SectionOf = ({ healths, reports }) => {
  const rows = healths.flatMap(({ source, data }) => {
    const { findings, judged, not_judged, machine } = data;
    const left =
      not_judged.length === 0
        ? []
        : [notMeasured('other rules on machines', `${count(not_judged.length, 'rule')} had nothing to judge by: see ${source}`, source)];
    if (machine.gpus === 0) return [notMeasured('GPUs', 'there was no GPU', source)];
    return [
      ...findings.map(finding => ofFinding(source, finding)),
      row('rules on machines', judged.length === 0 ? 'not-measured' : 'pass', {
        figure: `${judged.length - findings.length} of ${judged.length} hold`,
        value: judged.length - findings.length,
        ...{ limit: 'all', source },
      }),
      ...left,
    ];
  });
  const seen = reports.flatMap(({ source, data }) => data.findings.filter(isOfMachine).map(finding => ofFinding(source, finding)));
  return {
    rows: rows.length + seen.length === 0 ? [notMeasured('machine', 'forensics doctor --machine --json judges it')] : [...rows, ...seen],
    figures: [],
  };
};
