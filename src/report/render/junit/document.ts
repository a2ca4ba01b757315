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

/** One test of a document. */
export interface Case {
  readonly suite: string;
  readonly name: string;
  readonly kind: 'passed' | 'failure' | 'skipped';
  readonly message: string;
  readonly detail: string;
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

/** JUnit XML, the dialect that CI servers read. @param suites by their names; one without a case is left out */
export const junitOf = (suites: readonly (readonly [name: string, cases: readonly Case[]])[]): string =>
  [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="forensics" ${countsOf(suites.flatMap(([, cases]) => cases))}>`,
    ...suites.flatMap(([name, cases]) =>
      cases.length === 0
        ? []
        : [`  <testsuite name="forensics.${xml(name)}" ${countsOf(cases)}>`, ...cases.map(elementOf), '  </testsuite>'],
    ),
    '</testsuites>',
    '',
  ].join('\n');
