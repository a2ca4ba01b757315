import { count, ms, msOf, percent, plain, seconds } from '#core/format/numbers';
import { percentile } from '#core/math/percentiles';
import type { Contradicted } from '#diagnosis/lane-answer';
import type { StreamPause } from '#diagnosis/requests/coincidence';
import { latencyOf } from '#diagnosis/requests/latency-of';
import type { RequestRow } from '#schema/relation';
import type { Finding, Latency } from '#schema/report';

/** Share of p99 from which a delay in the load generator is worth a word, as for causes on the server. */
const WORTH_SAYING = 0.05;

const finished = (rows: readonly RequestRow[]) => rows.filter(r => r.status === 'ok' && r.finish_ms !== null);

/**
 * Latencies counted from when requests should have been sent, where the load test says: a request that waits in the client because the
 * server is slow has waited all the same (coordinated omission; Gil Tene, "How NOT to measure latency"; wrk2).
 */
export function intendedLatencies(rows: readonly RequestRow[]): Latency[] {
  const done = finished(rows).filter(r => r.intended_ms !== null);
  const from = (end: (r: RequestRow) => number | null) => done.flatMap(r => (t => (t === null ? [] : [t - (r.intended_ms ?? 0)]))(end(r)));
  return [
    latencyOf(
      'e2e',
      from(r => r.finish_ms),
    ),
    latencyOf(
      'ttft',
      from(r => r.first_token_ms),
    ),
  ].filter(l => l !== undefined);
}

/** What is said where the intended start is not known. */
export const lowerBoundSentence = (rows: readonly RequestRow[]): string | undefined =>
  finished(rows).length > 0 && rows.every(r => r.intended_ms === null)
    ? 'How long requests waited in the load generator: no intended start is recorded, so p99 is a lower bound (coordinated omission) if the clients waited for answers.'
    : undefined;

/** What the clients did themselves: sent late, or received tokens in lumps that the engine did not make. */
export function clientFindings(rows: readonly RequestRow[], pauses: readonly StreamPause[]): Finding[] {
  return [lateSends(rows), heldBack(pauses)].filter(f => f !== undefined);
}

function lateSends(rows: readonly RequestRow[]): Finding | undefined {
  const [e2e] = intendedLatencies(rows);
  const delays = Float64Array.from(finished(rows).flatMap(r => (r.intended_ms === null ? [] : [r.arrival_ms - r.intended_ms]))).sort();
  const p99 = percentile(delays, 0.99);
  if (e2e === undefined || !(p99 >= WORTH_SAYING * e2e.p99_ms)) return undefined;
  return {
    id: 'late-sends',
    severity: p99 >= 0.2 * e2e.p99_ms ? 'medium' : 'low',
    title: 'The load generator sent requests late',
    detail: `Requests were sent up to ${ms(delays.at(-1) ?? 0)} after their intended start (p50 ${ms(percentile(delays, 0.5))}, p99 ${ms(p99)}). Counted from the intended start, p99 is ${ms(e2e.p99_ms)}. Either the client could not keep its schedule, or it waited for answers.`,
    advice: 'Give the load generator more cores or processes, and let it send on schedule whether answers have come or not.',
    evidence: [],
  };
}

function heldBack(pauses: readonly StreamPause[]): Finding | undefined {
  if (pauses.length === 0) return undefined;
  const total = pauses.reduce((s, p) => s + p.excess, 0);
  const requests = new Set(pauses.map(p => p.id)).size;
  const whole = pauses.filter(p => p.steps !== undefined).length;
  return {
    id: 'stream-pauses',
    severity: 'info',
    title: 'Tokens of single requests came late while the others kept their pace',
    detail: `${count(pauses.length, 'pause')} in ${count(requests, 'request')}, ${msOf(total)} together, each of one request alone while the engine went on. ${percent(whole / pauses.length)} of them lasted nearly a whole number of engine steps, as where the detokeniser holds tokens back until a character is complete.`,
    advice: 'Look at detokenisation, the proxy and the client before the GPU.',
    evidence: [],
  };
}

/** Stretches in which the trace and the clients contradict each other, for the list of what cannot be told. */
export const contradictions = (found: readonly Contradicted[]): string[] =>
  found.map(
    c =>
      `What the stall at ${seconds(c.start / 1e6)} cost: ${plain(c.decoding - c.stalled)} of ${count(c.decoding, 'request')} that were decoding kept their pace in those ${msOf(c.end - c.start)}, so it is not blamed. The clocks may differ, or another engine served them.`,
  );
