import { rollup } from 'd3-array';
import type { AnySeries, GpuSampleRow, GpuSeries, HostSampleRow, HostSeries, TimedSeries } from '#model/relation';

/** One file that came along with the trace. */
export interface SeriesFile {
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly series: AnySeries;
}

type Timed<Row> = Row & { readonly t: number };

const timed = <Row extends { readonly t_ms: number }>(rows: readonly Row[], offset: number): readonly Timed<Row>[] =>
  rows.map(r => ({ ...r, t: r.t_ms * 1e6 + offset })).toSorted((a, b) => a.t - b.t);

/** Rows of one GPU on the trace's clock (ns since the session began). */
export const gpuRows = (series: GpuSeries, offset: number): readonly Timed<GpuSampleRow>[] => timed(series.rows, offset);
/** Host samples on the trace's clock (ns since the session began). */
export const hostRows = (series: HostSeries, offset: number): readonly Timed<HostSampleRow>[] => timed(series.rows, offset);

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
export function mergeGpu(files: readonly (readonly Timed<GpuSampleRow>[])[]): readonly Timed<GpuSampleRow>[] {
  if (files.length < 2) return files[0] ?? [];
  const best = new Map<number, { readonly file: number; readonly n: number }>();
  for (const [file, rows] of files.entries())
    for (const [gpu, n] of rollup(
      rows,
      own => own.length,
      r => r.gpu,
    ))
      if (n > (best.get(gpu)?.n ?? 0)) best.set(gpu, { file, n });
  return files.flatMap((rows, file) => rows.filter(r => best.get(r.gpu)?.file === file)).toSorted((a, b) => a.t - b.t);
}
