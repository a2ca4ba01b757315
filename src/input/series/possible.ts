import type { GpuSampleRow, RequestRow, RunSummary } from '#schema/relation';

/** The least and the most that a value can be, whoever wrote it. What lies outside is another unit, or damage. */
type Range = readonly [least: number, most: number];

type Quantity = Exclude<keyof GpuSampleRow, 't_ms' | 'gpu' | 'name' | 'event_reasons'>;
/** Ten times the largest board of 2026 (NVIDIA B300: 1,400 W), and the limits that silicon has. */
const GPU_RANGES: Readonly<Record<Quantity, Range>> = {
  power_w: [0, 14_000],
  power_limit_w: [0, 14_000],
  sm_clock_mhz: [0, 20_000],
  mem_clock_mhz: [0, 50_000],
  temperature_c: [-60, 200],
  utilization_pct: [0, 100],
  memory_used_mib: [0, 2 ** 26],
};
const GPU_QUANTITIES = Object.keys(GPU_RANGES) as readonly Quantity[];

/** A thousand times the longest context that is served. */
const TOKENS: Range = [0, 1e9];
const DAY_MS = 86_400_000;

const isIn = (value: number | null, [least, most]: Range): boolean => value === null || (value >= least && value <= most);

/** Whether a GPU can show a value. */
export const isPossible = (quantity: Quantity, value: number | null): boolean => isIn(value, GPU_RANGES[quantity]);

/** The first quantity of a reading that no GPU can show. */
export const impossibleIn = (row: GpuSampleRow): Quantity | undefined =>
  GPU_QUANTITIES.find(quantity => !isPossible(quantity, row[quantity]));

/** The first field of a request that cannot be: numbers of tokens below zero, times between tokens that run back. */
export function impossibleOf(row: Pick<RequestRow, 'prompt_tokens' | 'output_tokens' | 'itl_ms'>): keyof RequestRow | undefined {
  if (!isIn(row.prompt_tokens, TOKENS)) return 'prompt_tokens';
  if (!isIn(row.output_tokens, TOKENS)) return 'output_tokens';
  return row.itl_ms?.some(ms => !isIn(ms, [0, DAY_MS])) === true ? 'itl_ms' : undefined;
}

const COUNTS = [
  ...(['sent', 'completed', 'failed', 'input_tokens', 'output_tokens', 'duration_s', 'concurrency', 'gpus', 'requested_rate'] as const),
  ...(['requests_per_s', 'output_tokens_per_s', 'total_tokens_per_s'] as const),
] satisfies readonly (keyof RunSummary)[];

/** The first figure of a run that cannot be: a count, a rate or a latency below zero. */
export function impossibleFigure(run: RunSummary): string | undefined {
  const amount = COUNTS.find(name => (run[name] ?? 0) < 0);
  if (amount !== undefined) return amount;
  // A request may be sent before its time.
  const latency = run.latency.find(f => f.metric !== 'schedule_delay' && f.lower_ms < 0);
  return latency === undefined ? undefined : `${latency.metric} ${latency.statistic}`;
}
