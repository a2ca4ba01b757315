import type { Bytes, Ms, Ns } from '#core/units';
import type { AnySeries, GpuSampleRow, GpuSeries, HostSampleRow, HostSeries, TimedSeries } from '#schema/relation';

/** One file that came along with the trace. */
export interface SeriesFile {
  readonly path: string;
  readonly sha256: string;
  readonly bytes: Bytes;
  readonly series: AnySeries;
}

type Timed<Row> = Row & { readonly t: Ns };

const timeOf = ({ t_ms }: { readonly t_ms: Ms }, offset: Ns): Ns => t_ms * 1e6 + offset;

/**
 * Rows of GPUs on the trace's clock (ns since the session began), made anew at each walk: there may be tens of millions.
 * @param numbers what the trace calls each GPU of the file; those that are not there are left out
 */
export const gpuRows = (series: GpuSeries, offset: Ns, numbers: ReadonlyMap<number, number>): Iterable<Timed<GpuSampleRow>> => ({
  *[Symbol.iterator]() {
    for (const row of series.rows) {
      const gpu = numbers.get(row.gpu);
      if (gpu !== undefined) yield timedGpu(row, gpu, timeOf(row, offset));
    }
  },
});
/** Written out, since to spread a row takes V8 thirty times as long. */
const timedGpu = (row: GpuSampleRow, gpu: number, t: Ns): Timed<GpuSampleRow> => ({
  t,
  t_ms: row.t_ms,
  gpu,
  name: row.name,
  power_w: row.power_w,
  power_limit_w: row.power_limit_w,
  sm_clock_mhz: row.sm_clock_mhz,
  mem_clock_mhz: row.mem_clock_mhz,
  temperature_c: row.temperature_c,
  utilization_pct: row.utilization_pct,
  memory_used_mib: row.memory_used_mib,
  event_reasons: row.event_reasons,
});

/** Host samples on the trace's clock (ns since the session began). */
export const hostRows = (series: HostSeries, offset: Ns): readonly Timed<HostSampleRow>[] =>
  series.rows.map(row => ({ ...row, t: timeOf(row, offset) })).toSorted((a, b) => a.t - b.t);

/** The rows that are wanted, picked at each walk. */
export const pickRows = <Row>(rows: Iterable<Row>, wanted: (row: Row) => boolean): Iterable<Row> => ({
  *[Symbol.iterator]() {
    for (const row of rows) if (wanted(row)) yield row;
  },
});

/** A file of one kind. */
export type FileOf<K extends TimedSeries['kind']> = SeriesFile & { readonly series: Extract<TimedSeries, { kind: K }> };

/** The files of each kind: one load test at most, and any number of samplers. */
export function byKind(files: readonly SeriesFile[]): {
  readonly requests: FileOf<'requests'> | undefined;
  readonly gpu: readonly FileOf<'gpu'>[];
  readonly host: readonly FileOf<'host'>[];
} {
  const of = <K extends TimedSeries['kind']>(kind: K) => files.filter((f): f is FileOf<K> => f.series.kind === kind);
  return { requests: of('requests')[0], gpu: of('gpu'), host: of('host') };
}

/** Counters of the host that one tool reads together: they come from one file, since files count from different zeros. */
const COUNTERS = [
  ['cpu_user_ticks', 'cpu_system_ticks', 'cpu_idle_ticks', 'cpu_iowait_ticks'],
  ['context_switches'],
  ['procs_running', 'procs_blocked'],
  ['disk_reads', 'disk_read_sectors', 'disk_read_ms', 'disk_writes', 'disk_write_sectors', 'disk_io_ms'],
  ['major_faults'],
  ['swap_in_pages', 'swap_out_pages'],
  ['mem_available_kib'],
  ['psi_io_some_us', 'psi_mem_some_us', 'psi_cpu_some_us'],
] as const satisfies readonly (readonly (keyof HostSampleRow)[])[];

/** Samples of several tools as one series: each counter from the file that has most of it. */
export function mergeHost(files: readonly (readonly Timed<HostSampleRow>[])[]): readonly Timed<HostSampleRow>[] {
  if (files.length < 2) return files[0] ?? [];
  const owners = COUNTERS.map(keys => {
    const counts = files.map(rows => keys.reduce((n, key) => n + rows.filter(r => r[key] !== null).length, 0));
    return { keys, owner: counts.indexOf(Math.max(...counts)) };
  });
  return files
    .flatMap((rows, file) => {
      const foreign = owners.filter(o => o.owner !== file).flatMap(o => o.keys.map(key => [key, null] as const));
      const none: Partial<HostSampleRow> = Object.fromEntries(foreign);
      return rows.map(r => ({ ...r, ...none }));
    })
    .toSorted((a, b) => a.t - b.t);
}

/** Samples of the GPUs, each GPU from the file that looked at it most often: two tools say the same thing on different grids. */
export function mergeGpu(files: readonly Iterable<Timed<GpuSampleRow>>[]): Iterable<Timed<GpuSampleRow>> {
  if (files.length < 2) return files[0] ?? [];
  const best = new Map<number, { readonly file: number; readonly n: number }>();
  for (const [file, rows] of files.entries()) {
    const counts = new Map<number, number>();
    for (const { gpu } of rows) counts.set(gpu, (counts.get(gpu) ?? 0) + 1);
    for (const [gpu, n] of counts) if (n > (best.get(gpu)?.n ?? 0)) best.set(gpu, { file, n });
  }
  return inTurn(files.map((rows, file) => pickRows(rows, r => best.get(r.gpu)?.file === file)));
}

/** Rows of several files, each in order of time, as one. */
const inTurn = <Row extends { readonly t: Ns }>(files: readonly Iterable<Row>[]): Iterable<Row> => ({
  *[Symbol.iterator]() {
    const walks = files.map(rows => rows[Symbol.iterator]());
    const heads = walks.map(walk => walk.next());
    for (;;) {
      let next = -1;
      let earliest: Row | undefined;
      for (const [file, head] of heads.entries())
        if (head.done !== true && (earliest === undefined || head.value.t < earliest.t)) [next, earliest] = [file, head.value];
      const walk = walks[next];
      if (earliest === undefined || walk === undefined) return;
      yield earliest;
      heads[next] = walk.next();
    }
  },
});
