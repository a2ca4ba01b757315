import { percent, plain } from '#core/format/numbers';
import type { Judged } from '#decide/storage/verdicts/judge';
import type { StorageOpen } from '#schema/storage-analysis';

/** Why a step was not judged. */
export const LEFT_OUT = {
  failed: 'the step failed',
  'nothing-sent': 'no request was sent in its measured window',
  'no-answer': 'no answer came whole',
  'contention-not-covered':
    'fio did not read from before its first request until after its last: nothing tells which requests met contention',
  'not-run-yet': 'it has not run yet',
} as const;
export type LeftOutReason = keyof typeof LEFT_OUT;

const OPEN: Readonly<Record<StorageOpen, string>> = {
  'not-run': 'no run was made for it',
  'few-runs': 'there are too few runs',
  'few-levels': 'there are too few levels',
  'no-telemetry': 'this machine did not tell the figures that it needs',
  'no-change-of-cause': 'what should cause it did not change: nothing was tested',
  'lost-requests': 'too many requests were lost for a tail to be told',
  power: 'the runs vary too much',
  'least-level': 'so few repeats reach no level that stands beside the other hypotheses: add some',
};

/** The percentile that was judged. */
export const tailName = (found: Judged['found']): string | null =>
  found === null || found.tail === null ? null : `${found.tail.of === 'ttft' ? 'time to first token' : 'latency'} p${found.tail.q * 100}`;

const rounded = (value: number): string => plain(value);

/** "1.42 times (95 % interval 1.20 to 1.68)". */
function effectWords({ hypothesis, effect }: Judged): string {
  if (effect === null) return '';
  const unit = hypothesis.scale === 'ratio' ? ' times' : '';
  const high = Number.isFinite(effect.high) ? ` to ${rounded(effect.high)}` : ' or more';
  return `${rounded(effect.value)}${unit} (95 % interval ${rounded(effect.low)}${high})`;
}

/** A verdict in one or two sentences. */
export function answerWords(judged: Judged): string {
  const { hypothesis, verdict, why, equivalent, power, effect } = judged;
  const { margin, scale } = hypothesis;
  const least = `${rounded(margin)}${scale === 'ratio' ? ' times' : ''}`;
  switch (verdict) {
    case 'supported':
      return `Supported: ${hypothesis.effect} is ${effectWords(judged)}.`;
    case 'refuted':
      return `Refuted: ${hypothesis.effect} is ${effectWords(judged)}${equivalent ? `: no effect, on either side, as large as ${least}` : `, less than ${least}`}.`;
    case 'inconclusive': {
      const seen = effect === null ? '' : ` ${hypothesis.effect[0]?.toUpperCase()}${hypothesis.effect.slice(1)} is ${effectWords(judged)}.`;
      const chance = power === null ? '' : ` Such runs show an effect of ${least} ${percent(power)} of the time.`;
      return `Inconclusive: ${why === null ? OPEN.power : OPEN[why]}.${seen}${chance}`;
    }
  }
}
