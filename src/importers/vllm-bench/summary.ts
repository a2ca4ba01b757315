import type { LatencyFigure, RunSummary } from '#model/relation';
import { namedFigures } from '../latency.ts';
import { figuresOf } from '../run-summary.ts';
import { AS_FAST_AS_POSSIBLE } from '../summary-series.ts';
import type { Detail } from './columns.ts';
import { endToEnd, perOutputToken } from './durations.ts';
import type { Run } from './fields.ts';

type Scalars = Readonly<Record<string, unknown>>;
/** mean_ttft_ms, p99.9_itl_ms, …; e2el is the file's word for end to end. */
const FIGURE = /^(mean|median|std|p\d+(?:\.\d+)?)_(ttft|tpot|itl|e2el)_ms$/;
/** Which metrics have one value for each completed request: of the others the number of values is not told. */
const ONE_EACH: ReadonlySet<string> = new Set(['ttft', 'e2el']);
const METRIC = { ttft: 'ttft', tpot: 'tpot', itl: 'itl', e2el: 'e2e' } as const;
const isMetric = (name: string): name is keyof typeof METRIC => Object.hasOwn(METRIC, name);

/** What the tool worked out, in ms; none for a run without a success, of which it writes 0.0 throughout. */
const toldFigures = (scalars: Scalars, completed: number | undefined): LatencyFigure[] =>
  Object.entries(scalars).flatMap(([key, value]) => {
    const [, name = '', metric = ''] = FIGURE.exec(key) ?? [];
    if (completed === 0 || !isMetric(metric)) return [];
    return namedFigures(METRIC[metric], { [name]: value }, 1, ONE_EACH.has(metric) ? (completed ?? null) : null);
  });

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

export const summaryOf = (run: Run, scalars: Scalars, details: readonly Detail[], end_ms: number | null): RunSummary => {
  const exact = exactFigures(details);
  // Files keep latencies and queue_times, but no first tokens, without --save-detailed.
  const known = new Set(exact.map(({ metric }) => metric));
  const told = toldFigures(scalars, run.completed).filter(({ metric }) => !known.has(metric));
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
