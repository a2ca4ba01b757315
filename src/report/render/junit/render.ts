import { ms } from '#core/format/numbers';
import { CAUSE_TEXT } from '#schema/causes';
import type { DetectorVerdict, Finding, Report } from '#schema/report';

/** What is no character of XML 1.0 (§2.2) is left out: names come out of traces. */
const FORBIDDEN = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu;
const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\n': '&#10;',
  '\r': '&#13;',
  '\t': '&#9;',
};
const xml = (text: string): string => text.replace(FORBIDDEN, '').replace(/[&<>"'\n\r\t]/g, c => ENTITIES[c] ?? c);

export type JunitSeverity = 'low' | 'medium' | 'high';
const SEVERITIES: readonly string[] = ['low', 'medium', 'high'];

interface Case {
  readonly suite: string;
  readonly name: string;
  readonly kind: 'passed' | 'failure' | 'skipped';
  readonly message: string;
  readonly detail: string;
}

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

function elementOf({ suite, name, kind, message, detail }: Case): string {
  const head = `    <testcase classname="forensics.${xml(suite)}" name="${xml(name)}">`;
  switch (kind) {
    case 'failure':
      return `${head}\n      <failure message="${xml(message)}">${xml(detail)}</failure>\n    </testcase>`;
    case 'skipped':
      return `${head}\n      <skipped message="${xml(message)}"/>\n    </testcase>`;
    case 'passed':
      return `${head}\n      <system-out>${xml(message)}</system-out>\n    </testcase>`;
  }
}

const countsOf = (cases: readonly Case[]): string =>
  `tests="${cases.length}" failures="${cases.filter(c => c.kind === 'failure').length}" errors="0" skipped="${cases.filter(c => c.kind === 'skipped').length}"`;

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
  const suites = [
    ['causes', causes],
    ['findings', findings],
  ] as const;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="forensics" ${countsOf([...causes, ...findings])}>`,
    ...suites.flatMap(([name, cases]) =>
      cases.length === 0 ? [] : [`  <testsuite name="forensics.${name}" ${countsOf(cases)}>`, ...cases.map(elementOf), '  </testsuite>'],
    ),
    '</testsuites>',
    '',
  ].join('\n');
}
