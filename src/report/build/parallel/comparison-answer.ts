import { factor, ms, plain, points } from '#core/format/numbers';
import type { Pipeline } from '#schema/pipeline';
import { NAMES } from './schedule-names.ts';

type Comparison = Pipeline['comparison'][number];

/** A title of the comparison without the run that it stands for. */
const bare = (title: string) => title.replace(/^(?:before|after): /, '');
const named = (title: string) => Object.entries(NAMES).find(([name]) => name === bare(title))?.[1] ?? bare(title);

function lineOf(c: Comparison): string {
  const [a, b] = [named(c.before), named(c.after)];
  const interval = c.speedup_ci === null ? '' : ` (95 % interval ${factor(c.speedup_ci[0])} to ${factor(c.speedup_ci[1])})`;
  const [bubbleBefore, bubble] = c.bubble_share;
  const [exposedBefore, exposed] = c.exposed_communication_ms;
  const [peakBefore, peak] = c.peak_microbatches;
  const memory = peakBefore === peak ? '' : `, at most ${peakBefore} → ${peak} microbatches in flight on a stage`;
  const spoilt = c.differences.length === 0 ? '' : ` What else differs: ${c.differences.join('; ')}.`;
  return `- ${a === b ? a : `${a} → ${b}`}: ${factor(c.speedup)} times as fast${interval}; bubble ${points(bubbleBefore)} → ${points(bubble)}, exposed communication ${plain(exposedBefore)} → ${ms(exposed)} an iteration${memory}.${spoilt}`;
}

const isClear = (c: Comparison) => c.speedup_ci !== null && (c.speedup_ci[0] > 1 || c.speedup_ci[1] < 1);

/** What the schedules of one run do beside one another, a line for each pair; empty for none. Above 1 the second is the faster. */
export function schedulesAnswer(comparison: readonly Comparison[]): string {
  if (comparison.length === 0) return 'This run shows no two schedules to compare.';
  const clear = comparison.filter(isClear).length;
  const verdict =
    clear === comparison.length
      ? 'The schedules of this run differ in speed'
      : clear === 0
        ? 'Among the schedules of this run no difference in speed is sure'
        : `Among the schedules of this run ${clear} of ${comparison.length} pairs surely differ in speed`;
  return `${verdict}.\n${comparison.map(lineOf).join('\n')}`;
}

/**
 * What became faster or slower between two runs, a line for each pair of schedules; empty for none. Above 1 the second run is the faster.
 * An interval that holds 1 shows no difference.
 */
export function comparisonAnswer(comparison: readonly Comparison[]): string {
  if (comparison.length === 0) return '';
  const clear = comparison.filter(isClear);
  const slower = clear.filter(c => c.speedup < 1).length;
  const verdict =
    clear.length === 0
      ? 'Against the run before, no difference in speed is sure.'
      : `Against the run before, ${slower === clear.length ? 'it became slower' : slower === 0 ? 'it became faster' : 'some became faster and some slower'}.`;
  return `${verdict}\n${comparison.map(lineOf).join('\n')}`;
}
