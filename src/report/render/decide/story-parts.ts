import { change, changeRange, ms, percent, plain, us } from '#core/format/numbers';
import { CAUSE_TEXT } from '#schema/causes';
import type { ComparedMetric, Comparison } from '#schema/comparison';
import { metricName } from '#schema/run';

/** A table of the story of a change. */
export interface StoryTable {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** One change on one page: what somebody reads who decides on it, and was not there. */
export interface Story {
  readonly title: string;
  readonly verdict: string;
  /** What the change means, in sentences with one figure each. */
  readonly meanings: readonly string[];
  readonly tables: readonly StoryTable[];
  /** What the comparison does not show. */
  readonly open: readonly string[];
}

/** More rows than this are not read on one page; compare --json has all. */
const MOST_ROWS = 8;

const isTold = (m: ComparedMetric): m is ComparedMetric & { base: number; candidate: number; ratio: number } =>
  m.base !== null && m.candidate !== null && m.ratio !== null && m.ratio > 0;

const sure = ({ verdict }: ComparedMetric): boolean => verdict === 'regression' || verdict === 'improvement';

/** Beside a figure that chance explains as well. */
const openBeside = (m: ComparedMetric): string =>
  sure(m) ? '' : m.verdict === 'equivalent' ? ' (no more than the budget)' : ' (not shown: it may be chance)';

const figure = (value: number, unit: string): string => (unit === 'ms' ? ms(value) : `${plain(value)}${unit === '' ? '' : ` ${unit}`}`);

/** What a metric means to somebody who pays for the machine or waits for its answers; none for the other metrics. */
const MEANINGS: Readonly<Record<string, (m: ComparedMetric & { base: number; candidate: number; ratio: number }) => string>> = {
  'tok/s': m =>
    `The same tokens take ${percent(Math.abs(1 - 1 / m.ratio))} ${m.ratio >= 1 ? 'less' : 'more'} time of the same GPUs: ${figure(m.candidate, m.unit)} after ${figure(m.base, m.unit)}`,
  'req/s': m => `${figure(m.candidate, m.unit)} are answered, after ${figure(m.base, m.unit)}`,
  'e2e p99': m => `One request in a hundred takes longer than ${figure(m.candidate, m.unit)}; before, than ${figure(m.base, m.unit)}`,
  'ttft p99': m =>
    `One user in a hundred waits longer than ${figure(m.candidate, m.unit)} for the first token; before, than ${figure(m.base, m.unit)}`,
  'tok/J': m => `A token takes ${percent(Math.abs(1 - 1 / m.ratio))} ${m.ratio >= 1 ? 'less' : 'more'} energy`,
  'usd/1M tok': m => `A million tokens cost $${plain(m.candidate)}, after $${plain(m.base)}`,
  bubble: m => `The bubble of the pipeline is ${figure(m.candidate, m.unit)}, after ${figure(m.base, m.unit)}`,
};

const meaningsOf = ({ metrics }: Comparison): readonly string[] =>
  metrics.filter(isTold).flatMap(m => {
    const words = m.setting === '' ? MEANINGS[m.metric] : undefined;
    return words === undefined ? [] : [`${words(m)}${openBeside(m)}.`];
  });

const VERDICT = { regression: 'worse', improvement: 'better', equivalent: 'the same', 'not-evaluable': 'open' } as const;

const beforeAndAfter = ({ metrics }: Comparison): StoryTable => ({
  title: 'Before and after',
  head: ['What', 'Before', 'After', 'Change', '95 % interval', 'So it is'],
  rows: metrics
    .filter(m => m.judged)
    .filter(isTold)
    .map(m => [
      metricName(m),
      figure(m.base, m.unit),
      figure(m.candidate, m.unit),
      change(m.ratio - 1),
      m.ratio_ci === null ? '–' : changeRange(m.ratio_ci),
      m.verdict === null ? 'changed' : VERDICT[m.verdict],
    ]),
});

const whatChanged = ({ settings, system }: Comparison): StoryTable => ({
  title: 'What was changed',
  head: ['What', 'Before', 'After'],
  rows: [...settings, ...system].slice(0, MOST_ROWS).map(({ what, base, candidate }) => [what, base.join(' or '), candidate.join(' or ')]),
});

const signed = (value_ms: number): string => `${value_ms < 0 ? '−' : '+'}${ms(Math.abs(value_ms))}`;

const why = ({ causes }: Comparison): StoryTable => ({
  title: 'Why: time lost by cause, a run',
  head: ['Cause', 'Before', 'After', 'Change'],
  rows: causes
    .toSorted((a, b) => Math.abs(b.candidate_ms - b.base_ms) - Math.abs(a.candidate_ms - a.base_ms))
    .slice(0, MOST_ROWS)
    .map(c => [CAUSE_TEXT[c.cause].title, ms(c.base_ms), ms(c.candidate_ms), signed(c.candidate_ms - c.base_ms)]),
});

const kernels = (comparison: Comparison): StoryTable => ({
  title: 'Why: kernels that changed the time most',
  head: ['Kernel', 'A launch before', 'after', 'All launches of a run'],
  rows: comparison.kernels
    .slice(0, MOST_ROWS)
    .map(k => [
      k.name,
      k.base_us === null ? 'did not run' : us(k.base_us),
      k.candidate_us === null ? 'did not run' : us(k.candidate_us),
      signed(k.lost_ms),
    ]),
});

const targets = ({ targets: judged }: Comparison): StoryTable => ({
  title: 'Against the targets',
  head: ['Target', 'Worst run after', 'Verdict'],
  rows: (judged ?? []).map(t => [metricName(t), t.worst === null ? '–' : figure(t.worst, t.unit), t.verdict.replaceAll('-', ' ')]),
});

/** Makes the story of a change out of a comparison: it says nothing that the comparison does not. */
export function storyOf(comparison: Comparison): Story {
  const open = comparison.metrics.filter(m => m.judged && m.verdict === 'not-evaluable').map(m => `${metricName(m)}: ${m.reason}`);
  const tables = [beforeAndAfter, whatChanged, why, kernels, targets].map(of => of(comparison));
  const cause = tables[1]?.rows.length === 0 ? ['What was changed between the runs is not recorded with them: name it yourself.'] : [];
  return {
    title: `${comparison.candidate.length === 1 ? comparison.candidate[0] : `${comparison.candidate.length} runs`} against ${comparison.base.length === 1 ? comparison.base[0] : `${comparison.base.length} runs before`}`,
    verdict: comparison.answer,
    meanings: meaningsOf(comparison),
    tables: tables.filter(t => t.rows.length > 0),
    open: [...open, ...cause, ...comparison.notes],
  };
}
