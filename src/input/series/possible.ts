import { badRecord } from '#input/text/bad-record';
import type { MeasurementRow } from '#schema/measurement';
import type { AnySeries, FactRow, GpuSampleRow, HostSampleRow, LatencyFigure, RequestRow, RunSummary, SampleRow } from '#schema/relation';

/** The least and the most that a value can be, whoever wrote it. What lies outside is another unit, or damage. */
type Range = readonly [least: number, most: number];

type Quantity = Exclude<keyof GpuSampleRow, 't_ms' | 'gpu' | 'name' | 'event_reasons'>;
/**
 * Wide enough for boards to come, and narrow enough for another unit: mW, Hz, kB and values of damaged bytes lie outside.
 * docs/formats.md has them under "What a value can be".
 */
const GPU_RANGES: Readonly<Record<Quantity, Range>> = {
  // Ten times the largest boards of 2026: NVIDIA B300 (glennklockwood.com/garden/processors/B300) and AMD Instinct MI355X
  // (theregister.com/2025/06/12/amd_mi355x), 1,400 W each.
  power_w: [0, 14_000],
  power_limit_w: [0, 14_000],
  // Twice the highest clock at which any processor has run (9,130 MHz, cooled with liquid helium: HWBot, by hardwareluxx.de/index.php/news/hardware/prozessoren/66900); boards run at 3 GHz.
  sm_clock_mhz: [0, 20_000],
  // GDDR7 goes to 48 Gbit/s a pin (JEDEC JESD239, by hothardware.com/news/jedec-gddr7-spec-bandwidth-upgrade-next-gen-gpus), the largest number that a tool can show as the clock of a memory.
  mem_clock_mhz: [0, 50_000],
  // Twice what drivers stop a board at (some 100 °C), and below the coldest room that silicon is sold for (-55 °C, MIL-PRF-38535).
  temperature_c: [-60, 200],
  // By definition a share of the time (docs.nvidia.com/deploy/nvml-api/structnvmlUtilization__t.html).
  utilization_pct: [0, 100],
  // 64 TiB: more than three times the memory of a rack of 72 GPUs (NVIDIA GB300 NVL72, 20.7 TB: awesomeagents.ai/hardware/nvidia-gb300-nvl72), which no single GPU has.
  memory_used_mib: [0, 2 ** 26],
};
const GPU_QUANTITIES = Object.keys(GPU_RANGES) as readonly Quantity[];

/** A hundred times the longest context that a model is given out with (Llama 4 Scout: ten million, ai.meta.com/blog/llama-4-multimodal-intelligence). */
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

/** No count, rate or size that a tool writes comes near this; what exceeds it is damage. */
const LARGEST = 1e18;
const isAmount = (value: number): boolean => isIn(value, [0, LARGEST]);
/** Of what is no count and no amount, only the size tells. */
const isNumber = (value: number): boolean => Math.abs(value) <= LARGEST;

const AMOUNTS = [
  ...(['sent', 'completed', 'completed_in_window', 'failed', 'input_tokens', 'output_tokens', 'output_tokens_in_window'] as const),
  ...(['duration_s', 'concurrency', 'gpus', 'requested_rate'] as const),
  ...(['requests_per_s', 'output_tokens_per_s', 'total_tokens_per_s'] as const),
] satisfies readonly (keyof RunSummary)[];

/** The first figure of a run that cannot be: a count, a rate or a latency below zero, or larger than any. */
export function impossibleFigure(run: RunSummary): string | undefined {
  const amount = AMOUNTS.find(name => !isAmount(run[name] ?? 0));
  if (amount !== undefined) return amount;
  const power = Object.entries(run.power ?? {}).find(([, value]) => typeof value === 'number' && !isAmount(value));
  if (power !== undefined) return power[0];
  if (run.windows.some(({ requests, failures }) => !isAmount(requests ?? 0) || !isAmount(failures ?? 0))) return 'requests of a window';
  // A request may be sent before its time.
  const isWrong = ({ metric, lower_ms, upper_ms }: LatencyFigure): boolean =>
    metric === 'schedule_delay' ? !isNumber(lower_ms) : !isAmount(lower_ms) || !isAmount(upper_ms ?? 0);
  const latency = [...run.latency, ...run.windows.flatMap(window => window.latency)].find(isWrong);
  return latency === undefined ? undefined : `${latency.metric} ${latency.statistic}`;
}

const impossibleCounter = (row: HostSampleRow): string | undefined =>
  Object.entries(row).find(([name, value]) => name !== 't_ms' && value !== null && !isAmount(value))?.[0];
/** Temperatures may be below zero, and values of which the unit is not told; nothing else is. */
const impossibleReading = ({ metric, unit, nature, value }: SampleRow): string | undefined =>
  (nature === 'counter' || !['', 'C'].includes(unit) ? isAmount(value) : isNumber(value)) ? undefined : metric;
const impossibleFact = ({ name, unit, value }: FactRow): string | undefined =>
  typeof value !== 'number' || (unit === 'C' ? isIn(value, GPU_RANGES.temperature_c) : isAmount(value)) ? undefined : name;
const impossibleResult = ({ bytes, time_us, value }: MeasurementRow): string | undefined =>
  Object.entries({ bytes, time_us, value }).find(([, each]) => each !== null && !isAmount(each))?.[0];

/** The first row with a value that cannot be, and its name. Requests and readings of GPUs are checked as they are put together. */
const firstImpossible = ({ kind, rows }: AnySeries): { readonly row: number; readonly field: string } | undefined => {
  if (kind === 'requests' || kind === 'gpu') return undefined;
  const first = <Row>(all: readonly Row[], of: (row: Row) => string | undefined) => {
    for (const [i, each] of all.entries()) {
      const field = of(each);
      if (field !== undefined) return { row: i + 1, field };
    }
    return undefined;
  };
  if (kind === 'summary') return first(rows, impossibleFigure);
  if (kind === 'host') return first(rows, impossibleCounter);
  if (kind === 'samples') return first(rows, impossibleReading);
  return kind === 'facts' ? first(rows, impossibleFact) : first(rows, impossibleResult);
};

/**
 * A series, once no value of it is below what it can be, or larger than any.
 * @throws ForensicsError 'bad-record'
 */
export const possible = <S extends AnySeries>(series: S, source: string): S => {
  const wrong = firstImpossible(series);
  if (wrong === undefined) return series;
  const what = `row ${wrong.row} of ${series.rows.length} has a value below zero, or one that is larger than any tool writes`;
  throw badRecord({ source, field: wrong.field }, what, 'Give the file as its tool wrote it.');
};
