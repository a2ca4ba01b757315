import { ms } from '#core/format/numbers';
import { CAUSE_TEXT } from '#schema/causes';
import type { DetectorVerdict, Finding, Report } from '#schema/report';
import { type Case, junitOf } from './document.ts';

export type JunitSeverity = 'low' | 'medium' | 'high';
const SEVERITIES: readonly string[] = ['low', 'medium', 'high'];

/** A finding fails where it would make `--fail-on` fail. */
const fails = (finding: Finding, failOn: JunitSeverity): boolean => SEVERITIES.indexOf(finding.severity) >= SEVERITIES.indexOf(failOn);

const ofFinding = (suite: string, name: string, finding: Finding, failOn: JunitSeverity): Case => ({
  suite,
  name,
  kind: fails(finding, failOn) ? 'failure' : 'passed',
  message: `${finding.severity}: ${finding.title}`,
  detail: `${finding.detail} ${finding.advice}`,
});

/** What was looked for: found or not, or why nobody can tell. */
function ofVerdict(verdict: DetectorVerdict, finding: Finding | undefined, failOn: JunitSeverity): Case {
  const name = CAUSE_TEXT[verdict.cause].title;
  if (finding !== undefined) return ofFinding('causes', name, finding, failOn);
  const lost = verdict.lost_ms === null ? '' : ` (${ms(verdict.lost_ms)} lost)`;
  return {
    suite: 'causes',
    name,
    kind: verdict.verdict === 'cannot-tell' ? 'skipped' : 'passed',
    message: `${verdict.verdict}${lost}: ${verdict.reason}`,
    detail: '',
  };
}

/**
 * A report as JUnit XML, the dialect that CI servers read: each cause that was looked for is a test, and so is each finding beside them. What
 * nobody can tell is skipped, never passed.
 * @param failOn the least severity of a finding that is a failure
 */
export function renderJunit(report: Report, failOn: JunitSeverity): string {
  const causes = report.detectors.map(d =>
    ofVerdict(
      d,
      report.findings.find(f => f.id === d.cause),
      failOn,
    ),
  );
  const own = new Set<string>(report.detectors.map(d => d.cause));
  const findings = report.findings.filter(f => !own.has(f.id)).map(f => ofFinding('findings', `${f.id}: ${f.title}`, f, failOn));
  return junitOf([
    ['causes', causes],
    ['findings', findings],
  ]);
}
