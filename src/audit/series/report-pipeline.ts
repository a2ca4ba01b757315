import { maxIndex } from 'd3-array';
import type { Statement } from '#audit/statement';
import { ms, percent } from '#core/format/numbers';
import type { Pipeline, Schedule } from '#schema/pipeline';
import { type Teller, tellerOf } from './frame.ts';
import { tellSum } from './parts.ts';

/** Sums of doubles that were written in full. */
const ROUNDING = 1e-6;
/**
 * Schedules whose whole backward passes follow their forward passes through all devices. The last device waits for the first activation and,
 * after its last gradient, for the others: so the device with the least work idles for the share of theory at least, however uneven they are.
 */
const CHAINS: ReadonlySet<string> = new Set(['gpipe', '1f1b', 'interleaved']);
/** Microbatches are not of equal length: the first and the last may be shorter than the mean that the bound rests on. */
const UNEVEN = 0.05;

function tellBubble({ tell }: Teller, schedule: Schedule, at: string): void {
  if (!CHAINS.has(schedule.name) || schedule.departures.length > 0) return;
  const worst = schedule.bubble[maxIndex(schedule.bubble, b => b.measured_share)];
  if (worst === undefined) return;
  const share = worst.measured_share;
  tell('ranks', schedule.p, `${at} p`);
  tell('microbatches', schedule.m, `${at} m`);
  tell('virtual_stages', schedule.v, `${at} v`);
  tell('bubble_share', share, `${at} bubble of stage ${worst.stage}`, {
    upper: share * (1 + UNEVEN),
    text: `${percent(share)} at most (stage ${worst.stage})`,
  });
}

/** The bubble of a stage as its times have it, which must lie where its iterations do. */
function statementsOfStages(schedule: Schedule, at: string, parts: readonly string[], file: string): Statement[] {
  return schedule.bubble.flatMap(b => {
    const away = b.idle_ms + b.exposed_communication_ms;
    const length = away + b.compute_ms;
    const teller = tellerOf(file, [...parts, `stage ${b.stage}`], `stage ${b.stage} (${schedule.name})`);
    const [least, most] = b.measured_share_range;
    // Iterations differ in length, so that the mean of their shares is not the share of their sums; but both lie among the shares.
    const doubt = length * (most - least + ROUNDING);
    tellSum(teller, {
      of: 'bubble',
      parts: [
        ['idle', b.idle_ms],
        ['exposed communication', b.exposed_communication_ms],
      ],
      whole: [`a bubble of ${percent(b.measured_share)} of ${ms(length)} is`, b.measured_share * length],
      unit: 'ms',
      doubt,
      rule: 'equal',
      path: `${at} stage ${b.stage}`,
    });
    return teller.statements;
  });
}

/** What a report of ours says of the bubbles of a pipeline. */
export function statementsOfPipeline(pipeline: Pipeline, file: string): Statement[] {
  return pipeline.schedules.flatMap((schedule, i) => {
    const parts = ['report', `schedule ${i}`];
    const at = `pipeline.schedules[${i}]`;
    const teller = tellerOf(file, parts, schedule.label ?? schedule.name);
    tellBubble(teller, schedule, at);
    tellSum(teller, {
      of: 'time beyond the bubble of theory',
      parts: schedule.excess.map(e => [e.why, e.ms] as const),
      whole: ['the time beyond theory of', schedule.excess_ms],
      unit: 'ms',
      doubt: ROUNDING * schedule.excess.reduce((n, e) => n + Math.abs(e.ms), 0),
      rule: 'equal',
      path: `${at} excess`,
    });
    return [...teller.statements, ...statementsOfStages(schedule, at, parts, file)];
  });
}
