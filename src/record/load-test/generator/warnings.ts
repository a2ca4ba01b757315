import { ms, plain } from '#core/format/numbers';
import type { ClockPair } from '#schema/clock-pair';
import type { LoadStage } from '#schema/load';
import { NS_PER_MS } from './monotonic.ts';
import type { LoadSettings } from './settings.ts';

/** What the latencies are meant to be good to. */
const PROMISE_MS = 1;
/** With fewer requests a slot, what the window cuts off at its ends weighs as much as what lies within. */
const FEWEST_A_SLOT = 2;

const times = (n: number, one: string) => `${n} ${one}${n === 1 ? '' : 's'}`;

/** One sentence for each thing that a reader of the numbers must know. */
export function warningsOf(
  { pattern, target }: LoadSettings,
  stages: readonly LoadStage[],
  deaths: readonly string[],
  start: ClockPair,
  end: ClockPair,
): string[] {
  const said: string[] = [];
  if (pattern.loop === 'closed')
    said.push('Closed loop: a slow answer holds back the requests behind it, so p99 is a lower bound of what users would see.');
  for (const why of deaths)
    said.push(`A generator died (${why}): what it had sent is unfinished, and what it had yet to send was not sent.`);
  for (const { schedule, requests, littles_law, concurrency } of stages) {
    const where = concurrency === null ? '' : `At concurrency ${concurrency}: `;
    if (schedule !== null && !schedule.kept)
      said.push(
        `The intended schedule was not kept: ${schedule.why}. Trust the latencies from the intended start, and give the generator more (--generators, an idle machine, a lower rate).`,
      );
    else if (schedule !== null && schedule.generator_delay.p99_ms > PROMISE_MS)
      said.push(
        `Requests were sent up to ${ms(schedule.generator_delay.max_ms)} late (p99 ${ms(schedule.generator_delay.p99_ms)}): latencies from the intended start hold this delay, those from the send do not.`,
      );
    if (requests.never_sent > 0) said.push(`${times(requests.never_sent, 'request')} that were due were never sent.`);
    if (requests.unfinished > 0)
      said.push(
        `${where}${times(requests.unfinished, 'request')} of ${requests.sent} did not finish: the latencies of the others are those of survivors (see e2e_or_abandoned).`,
      );
    if (concurrency !== null && requests.sent < FEWEST_A_SLOT * concurrency)
      said.push(
        `${where}most slots sent less than ${FEWEST_A_SLOT} requests in the window, so its rates mean little: lengthen --duration.`,
      );
    if (littles_law !== null && !littles_law.holds)
      said.push(
        `${where}Little's law does not hold: ${plain(littles_law.mean_in_flight)} requests in flight were counted, ${plain(littles_law.rate_times_latency)} recorded. Requests were lost.`,
      );
  }
  if (target.api !== 'http' && stages.some(s => (s.tokens_counted_from.chunks ?? 0) > 0))
    said.push(
      'The server did not say how many tokens it sent, so chunks were counted: one that holds several tokens makes tokens too few and TPOT too long.',
    );
  const step = BigInt(end.epoch_ns) - BigInt(start.epoch_ns) - (BigInt(end.monotonic_ns) - BigInt(start.monotonic_ns));
  const stepMs = Number(step) / NS_PER_MS;
  if (Math.abs(stepMs) > PROMISE_MS)
    said.push(`The wall clock was moved by ${ms(stepMs)} during the run; all stamps count from the pair at its start.`);
  return said;
}
