import type { AnySeries, GpuSampleRow, GpuSeries, HostSampleRow, HostSeries, RequestSeries, TimedSeries } from '#model/relation';

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

/** The series of each kind; one file of each kind at most. */
export function byKind(files: readonly SeriesFile[]): {
  readonly requests: (SeriesFile & { series: RequestSeries }) | undefined;
  readonly gpu: (SeriesFile & { series: GpuSeries }) | undefined;
  readonly host: (SeriesFile & { series: HostSeries }) | undefined;
} {
  const of = <K extends TimedSeries['kind']>(kind: K) =>
    files.find((f): f is SeriesFile & { series: Extract<TimedSeries, { kind: K }> } => f.series.kind === kind);
  return { requests: of('requests'), gpu: of('gpu'), host: of('host') };
}
