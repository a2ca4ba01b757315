import { servingFigures } from '#input/formats/shared/serving-figures';
import { figuresOf } from '#input/series/latency-figures';
import { AS_FAST_AS_POSSIBLE } from '#input/series/summary-series';
import type { LatencyFigure, RunSummary } from '#schema/relation';
import type { Detail } from './columns.ts';
import type { Document } from './document.ts';
import { endToEnd, perOutputToken } from './durations.ts';
import type { Run } from './fields.ts';

/** What the durations of single requests give exactly; of failed ones nothing. */
const exactFigures = (details: readonly Detail[]): LatencyFigure[] => {
  const good = details.filter(detail => !detail.failed);
  const ms = (of: (detail: Detail) => number | undefined) => good.map(of).flatMap(s => (s === undefined ? [] : [s * 1000]));
  const streamed = good.filter(({ itls }) => itls !== undefined && itls.length > 0);
  return [
    ...figuresOf('e2e', ms(endToEnd)),
    ...figuresOf(
      'schedule_delay',
      ms(({ held }) => held),
    ),
    ...figuresOf(
      'ttft',
      ms(detail => detail.ttft),
    ),
    ...figuresOf('tpot', ms(perOutputToken)),
    ...figuresOf(
      'itl',
      streamed.flatMap(({ itls = [] }) => itls.map(s => s * 1000)),
    ),
  ];
};

export const summaryOf = ({ run, scalars, details }: Document, end_ms: number | null): RunSummary => {
  const exact = exactFigures(details);
  // Files keep latencies and queue_times, but no first tokens, without --save-detailed.
  const known = new Set(exact.map(({ metric }) => metric));
  const told = servingFigures(scalars, run.completed).filter(({ metric }) => !known.has(metric));
  const rate = run.request_rate;
  return {
    label: run.label ?? null,
    model: run.model_id ?? null,
    start_ms: null,
    end_ms,
    duration_s: run.duration ?? null,
    requested_rate: typeof rate === 'number' ? rate : null,
    concurrency: run.max_concurrency ?? null,
    gpus: null,
    completed_in_window: null,
    output_tokens_in_window: null,
    sent: run.num_prompts ?? null,
    completed: run.completed ?? null,
    failed: run.failed ?? null,
    input_tokens: run.total_input_tokens ?? null,
    output_tokens: run.total_output_tokens ?? null,
    requests_per_s: run.request_throughput ?? null,
    output_tokens_per_s: run.output_throughput ?? null,
    total_tokens_per_s: run.total_token_throughput ?? null,
    latency: [...exact, ...told],
    windows: [],
    power: null,
  };
};

/** The limit that goes with the rate "inf". */
export const rateLimit = ({ request_rate }: Run): string[] =>
  typeof request_rate === 'string' && /^inf/i.test(request_rate) ? [AS_FAST_AS_POSSIBLE] : [];
