import { change, changeRange, count, percent, plain } from '#core/format/numbers';
import type { SweepFacts } from '#decide/sweep/judge-sweep';
import { type NoKneeReason, Sweep, type SweepPoint, type SweepStep } from '#schema/sweep';

/** A sweep before it is put into sentences. */
type Found = SweepFacts & Pick<Sweep, 'inputs' | 'cost'>;

const NO_KNEE: Readonly<Record<NoKneeReason, string>> = {
  'few-settings': 'three settings and more show one',
  straight: 'throughput over the settings is straight, or does not rise',
  noise: 'it differs so much from run to run that a straight line could look the same',
  'still-rising': 'most of what is put in still comes out at the last setting: go further',
  words: 'settings are words, and have no order',
  'not-complete': 'fewer than three settings have a throughput',
};
const FAILURE: Readonly<Record<NonNullable<SweepPoint['failure']>, string>> = {
  'no-start': 'the server did not come up',
  'requests-failed': 'requests failed',
  preempted: 'requests lost their KV cache and were computed again',
};

/** By how much throughput changes, with what is known of its noise. */
function gainText({ gain, gain_ci, verdict, why }: SweepStep): string {
  const [low, high] = gain_ci ?? [];
  if (gain_ci !== null && low !== null && low !== undefined)
    return `${change(gain)} (95 % interval ${changeRange([1 + low, high == null ? null : 1 + high])})${verdict === 'noise' ? ': noise' : ''}`;
  return `${change(gain)}${why === 'one-run' ? ' by one run of each, which tells no noise' : ''}`;
}

const atSetting = (over: string, value: string): string => `${over} ${value}`;
const growthText = ({ factor }: SweepStep): string => (factor === null ? '' : ` (×${plain(factor)})`);

function nextText({ to, ...step }: SweepStep): string {
  const doubling = step.factor === 2 || step.per_doubling === null ? '' : `, ${change(step.per_doubling)} a doubling`;
  return `The next, ${to}${growthText({ to, ...step })}, buys ${gainText({ to, ...step })}${doubling}.`;
}

function kneeText({ knee, sweet_spot: spot, over, metric, unit, steps }: Found): string {
  if (knee.why === 'words') {
    const shown = steps.filter(step => step.verdict === 'gain' || step.verdict === 'loss');
    if (spot !== null) return `${atSetting(over, spot.value)} has the most throughput that is shown: ${plain(spot.throughput)} ${unit}.`;
    return shown.length > 0
      ? `${atSetting(over, steps[0]?.from ?? '')} has the most throughput: all others are shown to have less.`
      : `No difference between settings of ${over} is shown.`;
  }
  if (spot !== null && spot.value === String(knee.at)) {
    const range =
      knee.interval === null || knee.interval[0] === knee.interval[1] ? '' : ` (95 %: ${knee.interval.map(plain).join(' to ')})`;
    return `The knee is at ${atSetting(over, spot.value)}${range}: ${plain(spot.throughput)} ${unit}, ${percent(spot.share_of_best)} of the most.`;
  }
  if (knee.at !== null) return `The knee of ${metric} is at ${atSetting(over, plain(knee.at))}.`;
  return `No knee shows over ${over}: ${knee.why === null ? '' : NO_KNEE[knee.why]}.`;
}

function sloText({ slo, over, points, sweet_spot: spot, knee, unit }: Found): string[] {
  if (slo === null) return [];
  const limits = slo.limits.join(' and ');
  const failing = points.find(point => point.value === slo.first_failing);
  const why = failing === undefined || failing.slo_failed.length === 0 ? '' : ` (${failing.slo_failed.join(', ')})`;
  const next = failing === undefined ? '' : ` ${failing.value} is the first that fails${why}.`;
  if (slo.highest === null) {
    const open = points[0]?.slo === 'not-measured' ? ` It was not measured at ${points[0].value}: ${points[0].slo_failed.join(', ')}.` : '';
    return [`${limits} holds at no setting.${open}${next}`];
  }
  const below = spot !== null && String(knee.at) !== spot.value ? `, with ${plain(spot.throughput)} ${unit}` : '';
  return [`${limits} holds up to ${atSetting(over, slo.highest)}${below}.${next}`];
}

function failureText({ first_failure, largest_whole, over, points }: Found): string[] {
  const failing = points.find(point => point.value === first_failure);
  if (failing?.failure == null) return [];
  const share =
    failing.failure_share === null
      ? ''
      : failing.failure === 'preempted'
        ? ` (${count(Math.round(failing.failure_share), 'time')})`
        : ` (${percent(failing.failure_share)})`;
  const whole = largest_whole === null ? '' : ` The largest without any is ${largest_whole}.`;
  return [`First failure at ${atSetting(over, failing.value)}: ${FAILURE[failing.failure]}${share}.${whole}`];
}

const answerOf = (found: Found): string =>
  [
    kneeText(found),
    ...(found.sweet_spot?.next == null ? [] : [nextText(found.sweet_spot.next)]),
    ...(found.knee.why === 'words' && found.sweet_spot === null
      ? found.steps.map(step => `${step.to} against ${step.from}: ${gainText(step)}.`)
      : []),
    ...sloText(found),
    ...failureText(found),
    ...(found.cost === null ? [] : [found.cost.answer]),
  ].join(' ');

/** What the law says, as a sentence; '' without it. */
function lawText({ usl, over, points }: Found): string[] {
  if (usl === null) return [];
  const largest = Math.max(...points.map(point => point.number ?? 0));
  if (usl.peak === null) return [`By the universal scalability law throughput has no peak (contention α ${usl.alpha.toPrecision(3)}).`];
  const [low, high] = usl.peak_ci ?? [null, null];
  const range = usl.peak_ci === null ? '' : ` (95 %: ${plain(low ?? 0)} ${high === null ? 'and more' : `to ${plain(high)}`})`;
  const beyond = usl.peak > largest ? ', beyond what was measured' : '';
  return [
    `By the universal scalability law the most throughput is at ${over} ${plain(usl.peak)}${range}${beyond} (α ${usl.alpha.toPrecision(3)}, β ${usl.beta.toPrecision(3)}).`,
  ];
}

function notesOf(found: Found): string[] {
  const { points, steps, slo, knee } = found;
  const runs = points.reduce((least, point) => Math.min(least, point.runs), Number.POSITIVE_INFINITY);
  const noise = steps.filter(step => step.verdict === 'noise');
  return [
    ...lawText(found),
    ...(runs < 2 ? ['One run of a setting tells no noise: repeat each three to five times, the settings in turn.'] : []),
    ...(noise.length > 0 ? [`Within noise: ${noise.map(step => `${step.from} to ${step.to} (${change(step.gain)})`).join(', ')}.`] : []),
    ...(slo !== null && !slo.is_monotone
      ? ['A setting above one that fails holds the objective again: that is noise, or the load is not what varies.']
      : []),
    ...(knee.at === null && knee.interval !== null
      ? [`A knee may lie anywhere from ${plain(knee.interval[0])} to ${plain(knee.interval[1])}.`]
      : []),
  ];
}

/** Puts a sweep into sentences. */
export const wordSweep = (found: Found): Sweep =>
  Sweep.parse({
    schema: 'forensics.sweep/1',
    ...found,
    knee: { ...found.knee, reason: found.knee.why === null ? '' : NO_KNEE[found.knee.why] },
    answer: answerOf(found),
    notes: notesOf(found),
  } satisfies Record<keyof Sweep, unknown>);
