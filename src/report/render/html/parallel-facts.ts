import { count, ms, percent, points } from '#core/format/numbers';
import type { Collectives } from '#schema/collectives';
import type { Pipeline, Schedule } from '#schema/pipeline';
import type { Report } from '#schema/report';
import { asCause, causeWords, mean, REASON_TEXT, SCHEDULE_TEXT, scheduleName } from '../parallel/wording.ts';
import { fact } from './fact.ts';
import { causeMark } from './legend.ts';
import { type Html, html, NOTHING } from './tag.ts';
import { trainingFacts } from './training-facts.ts';

const TOLD = 3;

function againstTheory(schedule: Schedule): string {
  const [measured, theory] = [mean(schedule.bubble.map(b => b.measured_share)), mean(schedule.bubble.map(b => b.theory_share))];
  const told = theory === null ? 'no theory for it' : `${points(theory)} in theory`;
  return `${SCHEDULE_TEXT[schedule.name]} ${measured === null ? 'not known' : points(measured)}, ${told}`;
}

function bubble({ schedules }: Pipeline): Html {
  const shares = schedules.flatMap(s => mean(s.bubble.map(b => b.measured_share)) ?? []);
  const [low, high] = [shares.reduce((a, b) => Math.min(a, b), Infinity), shares.reduce((a, b) => Math.max(a, b), -Infinity)];
  if (shares.length === 0) return fact('Bubble', 'not known', 'no schedule was reconstructed');
  const told = schedules.slice(0, TOLD).map(againstTheory);
  const more = schedules.length > TOLD ? [`${schedules.length - TOLD} more below`] : [];
  const value = points(low) === points(high) ? points(low) : `${points(low)} to ${points(high)}`;
  return fact('Bubble, mean of the devices', value, [...told, ...more].join('; '));
}

/** The schedule that loses most: the key numbers can tell of one only. */
const worstOf = ({ schedules }: Pipeline) => schedules.toSorted((a, b) => b.excess_ms - a.excess_ms)[0];

function excess(worst: Schedule): Html {
  if (worst.excess_ms <= 0) return fact('Beyond theory', 'nothing', 'no device stood still for longer than theory says');
  return fact('Beyond theory', ms(worst.excess_ms), `of device time in a mean iteration of ${scheduleName(worst)}`);
}

/** Shares are of all schedules together, as in the first line. */
function reason({ beyond_theory }: Pipeline): Html {
  const top = beyond_theory.find(part => part.why !== 'unexplained');
  if (top === undefined) return NOTHING;
  return fact('Top reason', REASON_TEXT[top.why], `${percent(top.share)} of the time beyond theory, all schedules together`);
}

function unexplained({ beyond_theory }: Pipeline): Html {
  if (beyond_theory.length === 0) return NOTHING;
  const share = beyond_theory.find(part => part.why === 'unexplained')?.share ?? 0;
  return fact('Unexplained', percent(share), 'of the time beyond theory, all schedules together');
}

function handoffs(worst: Schedule): Html {
  const { count: n, hidden_share, median_us, gbps } = worst.handoffs;
  if (n === 0) return NOTHING;
  const rate = [median_us === null ? [] : [ms(median_us / 1000)], gbps === null ? [] : [`${Math.round(gbps)} GB/s`]].flat();
  return fact(
    'Hand-offs',
    hidden_share === null
      ? count(n, 'copy', 'copies')
      : hidden_share < 0.005
        ? 'Not hidden'
        : html`${percent(hidden_share)} <small>hidden</small>`,
    `${[count(n, 'copy', 'copies'), ...rate].join(', ')}, in ${scheduleName(worst)}`,
  );
}

function wait({ wait_ms, transfer_ms, ops }: Collectives): Html {
  return fact(
    'Wait in collectives',
    ms(wait_ms),
    `of each rank on average; transfer took ${ms(transfer_ms)} in ${count(ops, 'collective')}`,
  );
}

function lateRank({ late }: Collectives): Html {
  const [worst] = late.toSorted((a, b) => b.wait_ms - a.wait_ms);
  if (worst === undefined) return fact('Late rank', 'none', 'no rank was later than the scatter of entries explains');
  return fact('Late rank', worst.rank, `late ${count(worst.count, 'time')}; the others waited ${ms(worst.wait_ms)} for it`);
}

function itsCause({ late }: Collectives): Html {
  const [worst] = late.toSorted((a, b) => b.wait_ms - a.wait_ms);
  if (worst === undefined) return NOTHING;
  const cause = asCause(worst.cause);
  return fact('Its cause', html`${cause === null ? NOTHING : causeMark(cause)}${causeWords(worst.cause)}`, worst.why);
}

const jitter = ({ jitter_ms, exposed_share }: Collectives): Html =>
  html`${fact('Jitter', ms(jitter_ms), 'of the wait: no late rank explains it')}
${fact('Exposed', percent(exposed_share), 'of the communication: no compute ran beside it')}`;

/** Key numbers where there are no requests to speak of. */
export function parallelFacts({ training, pipeline, collectives }: Report): Html {
  if (training !== null && training.ranks.length > 0 && pipeline === null) return trainingFacts(training);
  const worst = pipeline === null ? undefined : worstOf(pipeline);
  return html`${pipeline === null ? NOTHING : bubble(pipeline)}
${worst === undefined || pipeline === null ? NOTHING : html`${excess(worst)}${reason(pipeline)}`}
${worst === undefined || pipeline === null || collectives !== null ? NOTHING : html`${unexplained(pipeline)}${handoffs(worst)}`}
${collectives === null || collectives.ops === 0 ? NOTHING : html`${wait(collectives)}${lateRank(collectives)}`}
${collectives === null || collectives.ops === 0 || pipeline !== null ? NOTHING : html`${itsCause(collectives)}${jitter(collectives)}`}`;
}
