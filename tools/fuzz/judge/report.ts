import { detectors } from '#diagnosis/causes/index.gen';
import { renderJson } from '#report/render/json';
import { Report } from '#schema/report';
import { badNumbers } from './numbers.ts';
import { badText, rawControl } from './text.ts';

/** Verdicts that rest on a relation which the report itself says is not there. */
function unfounded(report: Report): readonly string[] {
  const missing = new Map(report.grounds.filter(g => !g.available).map(g => [g.need, g.why]));
  const verdicts = report.detectors.flatMap(({ cause, verdict }) => {
    const lacks = detectors.find(d => d.cause === cause)?.needs.filter(need => missing.has(need)) ?? [];
    return verdict !== 'cannot-tell' && lacks.length > 0 ? [`${cause} is ${verdict} without ${lacks.join(', ')}`] : [];
  });
  const without = [
    ...(report.requests === null && (report.latency.length > 0 || report.books.parts.length > 0)
      ? ['latencies or books without requests']
      : []),
    ...(report.inputs.some(i => i.kind === 'gpu' || i.kind === 'samples') || report.energy === null
      ? []
      : ['energy without samples of power']),
  ];
  return [...verdicts, ...without];
}

/** All sentences of a report, with where they stand. */
function sentencesOf(report: Report): string {
  const { answer, cannot_tell, findings, causes, clock, summary, capabilities } = report;
  return [
    answer,
    ...cannot_tell,
    ...findings.flatMap(f => [f.title, f.detail, f.advice]),
    ...causes.flatMap(c => [c.subject, c.why_confidence, c.advice]),
    ...report.incidents.map(i => i.story),
    ...[clock.method, ...clock.notes, summary.title, summary.verdict, ...summary.cannot_tell, ...capabilities.map(c => c.why)],
  ].join('\n');
}

/**
 * What is wrong with a report, whatever it is of: its schema and what that holds it to (closed books, times within the window), numbers that
 * are none, and what is said without the relation that carries it.
 * @param planted what the mutant itself holds, which may be quoted
 */
export function reportProblems(report: Report, planted: string): readonly string[] {
  const numbers = badNumbers(report);
  const parsed = Report.safeParse(JSON.parse(renderJson(report)));
  const broken = parsed.success ? [] : parsed.error.issues.map(issue => `${issue.path.join('.')}: ${issue.message}`);
  return [
    ...numbers,
    ...broken,
    ...unfounded(report),
    ...badText('the report', sentencesOf(report), planted),
    ...rawControl('the report', sentencesOf(report)),
  ].slice(0, 10);
}
