import { build, type Histogram } from 'hdr-histogram-js';
import { plain } from '#core/format/numbers';
import { NS_PER_MS } from './monotonic.ts';
import type { Outcome } from './outcome.ts';
import type { Progress } from './worker-pool.ts';

/** What a person who waits wants to know: bounded in memory, however long the run. Latencies to three digits, of the whole stage so far. */
export class Live {
  readonly #latency: Histogram = build({ numberOfSignificantValueDigits: 3 });
  readonly #delay: Histogram = build({ numberOfSignificantValueDigits: 3 });
  readonly #counts = { ok: 0, failed: 0, unfinished: 0 };
  #firstTokens = false;

  add({ status, first, finish, sent, intended, released }: Outcome): void {
    this.#counts[status]++;
    const end = first ?? finish;
    if (first !== null) this.#firstTokens = true;
    if (status === 'ok' && end !== null) this.#latency.recordValue(Math.max(1, Math.round((end - (intended ?? sent ?? end)) / 1000)));
    if (intended !== null) this.#delay.recordValue(Math.max(1, Math.round((released - intended) / 1000)));
  }

  /** One line, without the time. */
  line({ sent, inFlight }: Progress, planned: number | null): string {
    const ms = (histogram: Histogram, q: number) => plain((histogram.getValueAtPercentile(q) * 1000) / NS_PER_MS);
    const { ok, failed, unfinished } = this.#counts;
    return [
      `sent ${sent}${planned === null ? '' : ` of ${planned}`}`,
      `in flight ${inFlight}`,
      `ok ${ok}`,
      ...(failed > 0 ? [`failed ${failed}`] : []),
      ...(unfinished > 0 ? [`given up ${unfinished}`] : []),
      ...(ok > 0 ? [`${this.#firstTokens ? 'ttft' : 'latency'} p50 ${ms(this.#latency, 50)} p99 ${ms(this.#latency, 99)} ms`] : []),
      ...(this.#delay.totalCount > 0 ? [`start delay p99 ${ms(this.#delay, 99)} ms`] : []),
    ].join(' · ');
  }
}
