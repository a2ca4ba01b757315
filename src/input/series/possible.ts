import type { GpuSampleRow, RequestRow, RunSummary } from '#schema/relation';

/** The least and the most that a value can be, whoever wrote it. What lies outside is another unit, or damage. */
type Range = readonly [least: number, most: number];

type Quantity = Exclude<keyof GpuSampleRow, 't_ms' | 'gpu' | 'name' | 'event_reasons'>;
/**
 * Wide enough for boards to come, and narrow enough for another unit: mW, Hz, kB and values of damaged bytes lie outside.
 * docs/formats.md has them under "What a value can be".
 */
const GPU_RANGES: Readonly<Record<Quantity, Range>> = {
  // Ten times the largest boards of 2026: NVIDIA B300 and AMD Instinct MI355X, 1,400 W each by their data sheets.
  power_w: [0, 14_000],
  power_limit_w: [0, 14_000],
  // Twice the highest clock at which any processor has run (9.1 GHz, cooled with liquid helium: hwbot.org); boards run at 3 GHz.
  sm_clock_mhz: [0, 20_000],
  // GDDR7 goes to 48 Gbit/s a pin (JEDEC JESD239), the largest number that a tool can show as the clock of a memory.
  mem_clock_mhz: [0, 50_000],
  // Twice what drivers stop a board at (some 100 °C), and below the coldest room that silicon is sold for (-55 °C, MIL-PRF-38535).
  temperature_c: [-60, 200],
  // By definition (NVML, nvmlUtilization_t): a share of the time.
  utilization_pct: [0, 100],
  // 64 TiB: more than three times the memory of a rack of 72 GPUs (NVIDIA GB300 NVL72, 20 TB), which no single GPU has.
  memory_used_mib: [0, 2 ** 26],
};
const GPU_QUANTITIES = Object.keys(GPU_RANGES) as readonly Quantity[];

/** A hundred times the longest context that a model is given out with (Llama 4 Scout: ten million, by its model card). */
const TOKENS: Range = [0, 1e9];
/** Stamps of one request that lie further apart are of two clocks, and are refused: so are times between its tokens. */
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
