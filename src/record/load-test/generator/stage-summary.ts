import type { Ns } from '#core/units';
import type { ClockPair } from '#schema/clock-pair';
import type { LoadStage } from '#schema/load';
import { latencies } from './latencies.ts';
import { littlesLaw } from './littles-law.ts';
import { NS_PER_S } from './monotonic.ts';
import type { Outcome } from './outcome.ts';
import { epochBy } from './request-file.ts';
import { scheduleKept } from './schedule-kept.ts';

/** All that is known of a stage once it is over. */
export interface StageRecord {
  readonly concurrency: number | null;
  /** The measured window, monotonic ns. */
  readonly from: Ns;
  readonly to: Ns;
  /** Requests of the window that were due by the schedule; null in a closed loop. */
  readonly due: number | null;
  readonly inFlightNs: number;
  readonly outcomes: readonly Outcome[];
}

const countBy = <K extends string>(keys: readonly (K | null)[]): Partial<Record<K, number>> => {
  const counts: Partial<Record<K, number>> = {};
  for (const key of keys) if (key !== null) counts[key] = (counts[key] ?? 0) + 1;
  return counts;
};
const sum = (values: readonly (number | null)[]): number | null =>
  values.every(v => v === null) ? null : values.reduce<number>((total, v) => total + (v ?? 0), 0);

/**
 * Tokens that were received in [from, to]: by the times of an answer's chunks, each standing for its share of the answer's tokens.
 * Answers that are cut at an end of the window count with their part.
 */
function tokensWithin(outcomes: readonly Outcome[], from: number, to: number): number | null {
  let tokens: number | null = null;
  for (const { first, gapsUs, outputTokens } of outcomes) {
    if (first === null || outputTokens === null) continue;
    const perChunk = outputTokens / (gapsUs.length + 1);
    let at = first;
    let inside = at >= from && at <= to ? 1 : 0;
    for (const us of gapsUs) {
      at += us * 1000;
      if (at >= from && at <= to) inside++;
    }
    tokens = (tokens ?? 0) + inside * perChunk;
  }
  return tokens;
}

export function stageSummary(stage: StageRecord, pair: ClockPair): LoadStage {
  const { outcomes, from, to, due } = stage;
  const epoch = epochBy(pair);
  const measured = outcomes.filter(o => o.phase === 'measured');
  const ok = measured.filter(o => o.status === 'ok');
  const seconds = Math.max(to - from, 1) / NS_PER_S;
  const received = tokensWithin(outcomes, from, to);
  const completed = outcomes.filter(o => o.status === 'ok' && o.finish !== null && o.finish >= from && o.finish <= to);
  return {
    concurrency: stage.concurrency,
    start_ns: String(epoch(from)),
    end_ns: String(epoch(to)),
    requests: {
      intended: due,
      sent: measured.length,
      ok: ok.length,
      failed: measured.filter(o => o.status === 'failed').length,
      unfinished: measured.filter(o => o.status === 'unfinished').length,
      never_sent: due === null ? 0 : Math.max(0, due - measured.length),
    },
    failures: countBy(measured.map(o => (o.status === 'failed' ? (o.why ?? 'unknown') : null))) as Record<string, number>,
    abandoned: countBy(measured.map(o => (o.status === 'unfinished' ? (o.why ?? 'unknown') : null))) as Record<string, number>,
    warm_up_requests: outcomes.length - measured.length,
    completed_in_window: completed.length,
    completed_per_s: completed.length / seconds,
    prompt_tokens: sum(ok.map(o => o.promptTokens)),
    output_tokens: sum(ok.map(o => o.outputTokens)),
    output_tokens_in_window: received,
    output_tokens_per_s: received === null ? null : received / seconds,
    tokens_counted_from: { usage: 0, chunks: 0, ...countBy(ok.map(o => o.counted)) },
    schedule: due === null ? null : scheduleKept(measured, due),
    latencies: latencies(measured),
    littles_law: littlesLaw(outcomes, stage.inFlightNs),
  };
}
