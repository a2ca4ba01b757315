import fc from 'fast-check';
import type { GpuSampleRow, HostSampleRow, LatencyFigure, RequestRow, RunSummary, SampleRow } from '#schema/relation';

/** What times of valid rows count from, in ms since 1970; in a layout without dates they count from zero. */
export const ORIGIN_MS = Date.UTC(2026, 10, 22, 10, 15);
/** The same in ns, to write dates exactly. */
export const epochNs = (ms: number): bigint => BigInt(ORIGIN_MS) * 1_000_000n + BigInt(Math.round(ms * 1e6));
/** A moment as ISO 8601 writes it, with milliseconds and Z. */
export const iso = (ms: number): string => new Date(ORIGIN_MS + ms).toISOString();

/** A file in a tool's layout, and the rows that must be read of it: of each row only the fields that the layout holds. */
export interface Written {
  readonly rows: readonly object[];
  readonly text: string;
}
/** Random files of one layout: the inverse of its importer. */
export const writing = <Row extends object>(
  rows: fc.Arbitrary<readonly Row[]>,
  write: (rows: readonly Row[]) => string,
): fc.Arbitrary<Written> => rows.map(all => ({ rows: all, text: write(all) }));

/** JSON, one record a line. */
export const jsonl = (records: readonly unknown[]): string => records.map(record => `${JSON.stringify(record)}\n`).join('');
/** Lines, each ended. */
export const lined = (lines: readonly string[]): string => lines.map(line => `${line}\n`).join('');

const MOST = 6;
const tokens = fc.integer({ min: 2, max: 5000 });

type Maybe<Fields extends keyof RequestRow> = Pick<RequestRow, Fields>;
type ValidRequest = Maybe<'arrival_ms' | 'finish_ms' | 'first_token_ms' | 'prompt_tokens' | 'output_tokens' | 'status' | 'itl_ms'>;
/**
 * Requests, each at a moment of its own, of which the layout holds `fields`. All times are multiples of `step_ms`: as fine as the layout,
 * or eighths of a second where it writes doubles of seconds, which those hold exactly. What failed has neither first token nor output.
 */
export const requests = <Field extends keyof ValidRequest>(
  fields: readonly Field[],
  { step_ms = 1, statuses = ['ok', 'failed'] }: { step_ms?: number; statuses?: readonly RequestRow['status'][] } = {},
): fc.Arbitrary<readonly Pick<ValidRequest, Field>[]> => {
  const steps = fc.integer({ min: 1, max: 400 });
  const request = fc.record({
    at: fc.integer({ min: 1, max: 10_000 }),
    status: fc.constantFrom(...statuses),
    toFirst: steps,
    gaps: fc.array(steps, { minLength: 1, maxLength: 4 }),
    input: tokens,
  });
  return fc.uniqueArray(request, { minLength: 1, maxLength: MOST, selector: ({ at }) => at }).map(all =>
    all.map(({ at, status, toFirst, gaps, input }) => {
      const good = status !== 'failed';
      const last = at + toFirst + gaps.reduce((sum, gap) => sum + gap, 0);
      const row: ValidRequest = {
        arrival_ms: at * step_ms,
        first_token_ms: good ? (at + toFirst) * step_ms : null,
        finish_ms: status === 'unfinished' ? null : last * step_ms,
        prompt_tokens: input,
        output_tokens: good ? gaps.length + 1 : null,
        itl_ms: good ? Float32Array.from(gaps, gap => gap * step_ms) : null,
        status,
      };
      return pick(row, fields);
    }),
  );
};

/** When each token of an answer came, in ms; none of one that failed. */
export const tokenTimes = (first_ms: number | null, itl_ms: Float32Array | null): number[] =>
  first_ms === null || itl_ms === null
    ? []
    : [first_ms, ...Array.from(itl_ms, (_, i) => itl_ms.slice(0, i + 1).reduce((at, gap) => at + gap, first_ms))];

const pick = <Row extends object, Field extends keyof Row>(row: Row, fields: readonly Field[]): Pick<Row, Field> =>
  Object.fromEntries(fields.map(field => [field, row[field]])) as Pick<Row, Field>;

/** Whole numbers that any GPU can show. */
const GPU_VALUES = {
  power_w: fc.integer({ min: 1, max: 1400 }),
  power_limit_w: fc.integer({ min: 100, max: 1400 }),
  sm_clock_mhz: fc.integer({ min: 100, max: 2500 }),
  mem_clock_mhz: fc.integer({ min: 100, max: 4000 }),
  temperature_c: fc.integer({ min: 1, max: 100 }),
  utilization_pct: fc.integer({ min: 0, max: 100 }),
  memory_used_mib: fc.integer({ min: 0, max: 190_000 }),
} as const;
type GpuField = keyof typeof GPU_VALUES;
/** All of them, for layouts that hold them all. */
export const GPU_FIELDS = Object.keys(GPU_VALUES) as readonly GpuField[];

/** Readings of `gpus` GPUs in turn, `step_ms` apart, of which the layout holds `fields`. */
export const gpuSamples = <Field extends GpuField>(
  fields: readonly Field[],
  { step_ms = 1000, gpus = 2 } = {},
): fc.Arbitrary<readonly (Pick<GpuSampleRow, 't_ms' | 'gpu'> & Record<Field, number>)[]> => {
  const values = fc
    .tuple(...fields.map(field => GPU_VALUES[field]))
    .map(all => Object.fromEntries(fields.map((field, i) => [field, all[i]])) as Record<Field, number>);
  return fc
    .array(fc.array(values, { minLength: gpus, maxLength: gpus }), { minLength: 2, maxLength: MOST })
    .map(all => all.flatMap((cards, i) => cards.map((row, gpu) => ({ t_ms: i * step_ms, gpu, ...row }))));
};

export type HostField = Exclude<keyof HostSampleRow, 't_ms'>;
const STATES: readonly HostField[] = ['procs_running', 'procs_blocked', 'mem_available_kib'];
/** What a second of one CPU can hold of each: four of them make 100 at the most. */
const MOST_TICKS = 25;
type ValidHost<Field extends HostField> = Record<Field, number | null> & { readonly t_ms: number };

/**
 * Readings of a host with one CPU, `step_ms` apart: counters count up from zero, states are any. `states` says whether the first has any:
 * where averages run from a start to a first reading, nothing is known of the start itself.
 */
export const hostSamples = <Field extends HostField>(
  fields: readonly Field[],
  { step_ms = 1000, states = false } = {},
): fc.Arbitrary<readonly ValidHost<Field>[]> => {
  const values = fields.map(field => fc.nat(field.startsWith('cpu_') ? MOST_TICKS : 100_000));
  return fc.array(fc.tuple(...values), { minLength: 2, maxLength: MOST }).map(all =>
    all.map((_, i) => {
      const sum = (f: number) => all.slice(1, i + 1).reduce((total, each) => total + (each[f] ?? 0), 0);
      const told = (field: Field, f: number) => (STATES.includes(field) ? (i > 0 || states ? (all[i]?.[f] ?? 0) : null) : sum(f));
      return {
        ...(Object.fromEntries(fields.map((field, f) => [field, told(field, f)])) as Record<Field, number | null>),
        t_ms: i * step_ms,
      };
    }),
  );
};

/** Of each reading but the first, by how much each counter rose since the one before, and its states. */
export const rises = <Field extends HostField>(rows: readonly ValidHost<Field>[]): (Record<Field, number> & { readonly t_ms: number })[] =>
  rows.slice(1).map((row, i) => {
    const risen = Object.entries(row).map(([name, value]) => {
      const before = rows[i]?.[name as Field] ?? 0;
      return [name, name === 't_ms' || STATES.some(state => state === name) ? value : (value as number) - before];
    });
    return Object.fromEntries(risen) as Record<Field, number> & { readonly t_ms: number };
  });

/** Readings of each metric that `metrics` names, `step_ms` apart. A counter counts up. */
export const samples = (
  metrics: readonly Pick<SampleRow, 'entity' | 'metric' | 'unit' | 'nature'>[],
  { step_ms = 1000, least = 1, most = 100_000 } = {},
): fc.Arbitrary<readonly Omit<SampleRow, 'window_ms'>[]> =>
  fc.array(fc.tuple(...metrics.map(() => fc.integer({ min: least, max: most }))), { minLength: 2, maxLength: MOST }).map(all =>
    all.flatMap((values, i) =>
      metrics.map((metric, m) => ({
        ...metric,
        t_ms: i * step_ms,
        value: metric.nature === 'counter' ? all.slice(0, i + 1).reduce((sum, each) => sum + (each[m] ?? 0), 0) : (values[m] ?? 0),
      })),
    ),
  );

type Amount = Exclude<
  { [Field in keyof RunSummary]: RunSummary[Field] extends number | null ? Field : never }[keyof RunSummary],
  'start_ms' | 'end_ms'
>;
export type ValidFigure = Pick<LatencyFigure, 'metric' | 'statistic' | 'q' | 'lower_ms' | 'upper_ms'>;
type ValidRun<Field extends Amount> = Record<Field, number> & { readonly latency: readonly ValidFigure[] };
/** A statistic as tests write it: its name, or the share of a percentile. */
type Statistic = 'mean' | 'std' | 'min' | 'max' | number;

const IN_MS = fc.integer({ min: 1, max: 1_000_000 });
/**
 * A run of which the layout holds `fields`, all whole numbers, and `statistics` of each of `metrics`: numbers of ms with three decimals,
 * that rise with the share.
 */
export const run = <Field extends Amount>(
  fields: readonly Field[],
  metrics: readonly LatencyFigure['metric'][],
  statistics: readonly Statistic[],
): fc.Arbitrary<ValidRun<Field>> =>
  fc
    .record({
      amounts: fc.tuple(...fields.map(() => fc.integer({ min: 1, max: 100_000 }))),
      values: fc.tuple(...metrics.map(() => fc.array(IN_MS, { minLength: statistics.length, maxLength: statistics.length }))),
    })
    .map(({ amounts, values }) => {
      const latency = metrics.flatMap((metric, m) => {
        const rising = (values[m] ?? []).toSorted((a, b) => a - b);
        return statistics.map((statistic, s): ValidFigure => {
          const ms = (rising[s] ?? 1) / 1000;
          const named = typeof statistic === 'number' ? ({ statistic: 'percentile', q: statistic } as const) : { statistic, q: null };
          return { metric, ...named, lower_ms: ms, upper_ms: ms };
        });
      });
      return { ...(Object.fromEntries(fields.map((field, i) => [field, amounts[i]])) as Record<Field, number>), latency };
    });

/** The value of a figure of a run, in ms. */
export const ms = ({ latency }: { readonly latency: readonly ValidFigure[] }, metric: string, statistic: Statistic): number =>
  latency.find(figure => figure.metric === metric && (figure.q ?? figure.statistic) === statistic)?.lower_ms ?? Number.NaN;
/** The figures of one metric by the names that a tool gives to statistics, each times `scale`. */
export const named = (
  { latency }: { readonly latency: readonly ValidFigure[] },
  metric: string,
  name: (statistic: Statistic) => string,
  scale = 1,
): Record<string, number> =>
  Object.fromEntries(
    latency
      .filter(figure => figure.metric === metric)
      .map(figure => [name(figure.q ?? (figure.statistic as Statistic)), figure.lower_ms * scale]),
  );

/** What is in a histogram of an engine: all `n` values in one bucket of seconds, so that its edges are those of every percentile. */
export const bucketed = (metric: LatencyFigure['metric']) =>
  fc
    .record({ n: fc.integer({ min: 1, max: 10_000 }), from: fc.integer({ min: 1, max: 100 }), output_tokens: fc.nat(1_000_000) })
    .map(({ n, from, output_tokens }) => {
      const edges = { lower_ms: from * 125, upper_ms: from * 250 };
      const percentile = (q: number) => ({ metric, statistic: 'percentile', q, ...edges }) as const;
      const mean = { metric, statistic: 'mean', q: null, lower_ms: from * 200, upper_ms: from * 200 } as const;
      return { completed: n, output_tokens, latency: [mean, percentile(0.5), percentile(0.99)] };
    });
type Bucketed = ReturnType<typeof bucketed> extends fc.Arbitrary<infer Each> ? Each : never;
/** The same as lines of a scrape; `labels` ends with a comma where it is not empty. */
export const exposed = (name: string, { completed, latency }: Bucketed, labels = ''): string[] => {
  const [mean, { lower_ms, upper_ms }] = latency as [Bucketed['latency'][number], Bucketed['latency'][number]];
  const bucket = (le: string, count: number) => `${name}_bucket{${labels}le="${le}"} ${count}`;
  const total = labels === '' ? '' : `{${labels.slice(0, -1)}}`;
  return [
    `# HELP ${name} Request latency in seconds.`,
    `# TYPE ${name} histogram`,
    bucket(`${lower_ms / 1000}`, 0),
    bucket(`${upper_ms / 1000}`, completed),
    bucket('+Inf', completed),
    `${name}_sum${total} ${(mean.lower_ms / 1000) * completed}`,
    `${name}_count${total} ${completed}`,
  ];
};

/** What iostat tells, in each of its layouts. */
export const IOSTAT_FIELDS = [
  ...(['cpu_user_ticks', 'cpu_system_ticks', 'cpu_iowait_ticks', 'cpu_idle_ticks'] as const),
  ...(['disk_reads', 'disk_writes', 'disk_read_sectors', 'disk_write_sectors', 'disk_io_ms'] as const),
] as const;
/** Its first report, which is since the boot: it only says when the others begin. */
export const IOSTAT_START = {
  cpu_user_ticks: 1,
  cpu_system_ticks: 1,
  cpu_iowait_ticks: 1,
  cpu_idle_ticks: 1,
  disk_reads: 7,
  disk_writes: 7,
  disk_read_sectors: 7,
  disk_write_sectors: 7,
  disk_io_ms: 7,
  t_ms: 0,
};
