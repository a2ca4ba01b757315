import { count, percent, plain } from '#core/format/numbers';
import { reasonsOf } from '#diagnosis/telemetry/samples';
import type { CertificationFacts } from '#machine/certify/facts';
import type { Certification, CertVerdict } from '#schema/certification';
import { earlierWords, figureWords, oddWords, unknownWords } from './certification-reasons.ts';

type Thing = Pick<Certification['odd'][number], 'what' | 'test' | 'subject' | 'precision'>;

/** What a figure is of, to stand in a sentence. */
function thingWords({ what, test, subject, precision }: Thing): string {
  switch (what) {
    case 'matmul':
      return `${precision ?? ''} products ${test} on ${subject}`.trim();
    case 'burn':
      return `gpu_burn on ${subject}`;
    case 'collective':
      return subject === 'all' ? test : `${test} of ${subject}`;
    case 'latency':
      return `latency ${subject}`;
    default:
      return `copies ${subject}`;
  }
}

type Worded = Omit<Certification, 'answer' | 'inputs' | 'schema'>;

/** What is wrong, the worst first, each as a clause. */
function troubles(c: Worded, verdict: CertVerdict): string[] {
  const checks =
    verdict === 'fail'
      ? c.failed_checks.map(f => `${f.subject} fails “${f.test}”${f.detail === '' ? '' : ` (${f.detail.replace(/\.$/, '')})`}`)
      : [];
  const figures = c.figures.filter(f => f.verdict === verdict);
  return [
    ...checks,
    ...figures.map(f => `${thingWords(f)} at ${plain(f.value)} ${f.unit}, ${percent(f.share ?? 0)} of ${plain(f.peak ?? 0)} ${f.unit}`),
    ...c.odd.filter(o => o.verdict === verdict).map(o => `${thingWords(o)}, ${percent(o.behind)} behind ${count(o.peers - 1, 'peer')}`),
    ...c.history
      .filter(e => e.verdict === verdict)
      .map(e => `${thingWords(e)}, ${percent(-e.change)} below ${count(e.runs, 'earlier run')}`),
  ];
}

/** The verdict in one sentence. */
function answerOf(c: Worded): string {
  if (c.verdict === 'fail' || c.verdict === 'warn') {
    const [worst = '', ...others] = troubles(c, c.verdict);
    const more = others.length === 0 ? '' : `, and ${count(others.length, 'more thing')}`;
    return `${c.verdict === 'fail' ? 'This machine is not what it should be' : 'This machine is worth a look'}: ${worst}${more}.`;
  }
  if (c.verdict === 'not-judged') return `Nothing could be judged. ${c.cannot_tell[0] ?? ''}`.trim();
  const judged = c.figures.filter(f => f.verdict === 'pass');
  const least = Math.min(...judged.map(f => f.share ?? Number.POSITIVE_INFINITY));
  const parts = [
    ...(judged.length === 0
      ? []
      : [`${count(judged.length, 'figure')} ${judged.length === 1 ? 'reaches' : 'reach'} ${percent(least)} or more of what is published`]),
    ...(c.checks_passed === 0 ? [] : [`${count(c.checks_passed, 'check')} passed`]),
  ];
  return `Nothing is wrong with this machine, as far as it was tested${parts.length === 0 ? '' : `: ${parts.join(', ')}`}.`;
}

/** A certification in the report's words. @param inputs files that it rests on */
export function wordCertification(facts: CertificationFacts, inputs: Certification['inputs']): Certification {
  const worded: Worded = {
    ...{ verdict: facts.verdict, gpu_model: facts.gpu_model, knees: [...facts.knees], failed_checks: [...facts.failed_checks] },
    checks_passed: facts.checks_passed,
    figures: facts.figures.map(f => ({
      ...{ what: f.what, test: f.test, subject: f.subject, precision: f.precision, bytes: f.bytes, value: f.value, unit: f.unit },
      ...{ peak: f.peak, peak_source: f.peak_source, share: f.share, verdict: f.verdict, reason: figureWords(f) },
    })),
    odd: facts.odd.map(({ slowed, ...odd }) => ({ ...odd, reason: oddWords({ ...odd, slowed }) })),
    state: facts.state.map(s => ({ ...s, reasons: [...reasonsOf(s.reasons)] })),
    history: facts.history.map(({ why, ...earlier }) => ({ ...earlier, reason: earlierWords({ ...earlier, why }) })),
    cannot_tell: facts.unknown.map(unknownWords),
  };
  return { schema: 'forensics.certification/1', answer: answerOf(worded), inputs, ...worded };
}
