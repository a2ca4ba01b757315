import { filter } from 'd3-array';
import type { Ns } from '#core/units';
import type { DelayBreakdown } from '#diagnosis/requests/delay-breakdown';
import { reasonsOf } from '#diagnosis/telemetry/samples';
import type { CauseOrRest } from '#schema/causes';
import type { GpuSampleRow, HostSampleRow, RequestRow } from '#schema/relation';
import type { ChartData } from '#schema/report';
import { deviceBins } from '#trace/devices/device-summary';
import type { Facts } from './facts.ts';

/** Bins of the device strip. */
const BINS = 240;

/** Marks a chart may hold (Altair and Vega's maintainers draw the line for SVG at 5,000); half leaves room for labels. */
const MOST = 2500;

/** Keeps at most n rows, evenly spread. */
const thin = <T>(rows: readonly T[], n: number): readonly T[] =>
  rows.length <= n ? rows : rows.filter((_, i) => Math.floor((i * n) / rows.length) !== Math.floor(((i - 1) * n) / rows.length));

const mainCause = (b: DelayBreakdown): CauseOrRest =>
  [...b.parts].reduce<[CauseOrRest, number]>((best, e) => (e[1] > best[1] ? e : best), ['unexplained', 0])[0];

/** Requests as points: judged ones with their cause, the others marked as outside the trace. */
function requestPoints(rows: readonly RequestRow[], offset: Ns, books: readonly DelayBreakdown[]): ChartData['requests'] {
  const known = new Map(books.map(b => [b.request.row.id, b]));
  const points = rows
    .filter(r => r.status === 'ok' && r.finish_ms !== null)
    .map(r => {
      const book = known.get(r.id);
      const latency_ms = (r.finish_ms ?? 0) - r.arrival_ms;
      return {
        id: r.id,
        t_ms: (r.arrival_ms * 1e6 + offset) / 1e6,
        latency_ms,
        expected_ms: book?.expectedMs ?? latency_ms,
        excess_ms: book?.excessMs ?? 0,
        cause: book === undefined ? ('outside the trace' as const) : book.slow ? mainCause(book) : ('as expected' as const),
        in_incident: (book?.byIncident.size ?? 0) > 0,
      };
    });
  const slow = points.filter(p => p.cause !== 'as expected' && p.cause !== 'outside the trace');
  const rest = points.filter(p => p.cause === 'as expected' || p.cause === 'outside the trace');
  return [...thin(slow, MOST / 2), ...thin(rest, MOST / 2)].toSorted((a, b) => a.t_ms - b.t_ms || (a.id < b.id ? -1 : 1));
}

/** GPU samples near the window, thinned. */
function gpuPoints(rows: Iterable<GpuSampleRow & { readonly t: Ns }>, from: Ns, to: Ns): ChartData['gpu'] {
  const near = filter(rows, r => r.t >= from && r.t <= to);
  const gpus = new Set(near.map(r => r.gpu)).size;
  return thin(near, Math.max(1, Math.floor(MOST / Math.max(1, gpus))) * Math.max(1, gpus)).map(r => {
    const words = r.event_reasons === null ? [] : reasonsOf(r.event_reasons);
    return {
      gpu: `GPU ${r.gpu}`,
      t_ms: r.t / 1e6,
      power_w: r.power_w,
      sm_clock_mhz: r.sm_clock_mhz,
      throttled: words.length > 0 ? words.join(', ') : null,
    };
  });
}

const SECTOR_MB = 512 / 1e6;

/** Counters that the charts show. */
const DRAWN = [
  ...(['cpu_user_ticks', 'cpu_system_ticks', 'cpu_idle_ticks', 'cpu_iowait_ticks'] as const),
  ...(['disk_read_sectors', 'disk_write_sectors', 'major_faults'] as const),
];

/** Host samples as rates between neighbours, thinned. */
function hostPoints(rows: readonly (HostSampleRow & { readonly t: Ns })[], from: Ns, to: Ns): ChartData['host'] {
  const out: ChartData['host'] = [];
  /** The last sample that held each counter: tools take turns where there are several. */
  const last = new Map<keyof HostSampleRow, HostSampleRow & { readonly t: Ns }>();
  for (const b of rows) {
    const earlier = new Map(last);
    for (const key of DRAWN) if (b[key] !== null) last.set(key, b);
    if (b.t < from || b.t > to) continue;
    /** What a counter grew by in a second. */
    const delta = (key: (typeof DRAWN)[number]) => {
      const a = earlier.get(key);
      const [x, y] = [a?.[key] ?? null, b[key]];
      return a === undefined || x === null || y === null || y < x || b.t <= a.t ? null : (y - x) / ((b.t - a.t) / 1e9);
    };
    const [user, system, idle, iowait] = [
      delta('cpu_user_ticks'),
      delta('cpu_system_ticks'),
      delta('cpu_idle_ticks'),
      delta('cpu_iowait_ticks'),
    ];
    const busy = user === null || system === null ? null : user + system;
    const total = busy === null || idle === null || iowait === null ? 0 : busy + idle + iowait;
    const share = (v: number | null | undefined) => (total > 0 && v != null ? (100 * v) / total : null);
    const rate = (v: number | null, scale: number) => (v === null ? null : v * scale);
    out.push({
      t_ms: b.t / 1e6,
      cpu_pct: share(busy),
      iowait_pct: share(iowait),
      disk_read_mb_s: rate(delta('disk_read_sectors'), SECTOR_MB),
      disk_write_mb_s: rate(delta('disk_write_sectors'), SECTOR_MB),
      major_faults_s: rate(delta('major_faults'), 1),
    });
  }
  return [...thin(out, MOST)];
}

/** All that the charts of a report are drawn from. */
export const chartsOf = ({ aligned, diagnosis, ops, window: [from, to] }: Facts): ChartData => ({
  requests: requestPoints(aligned.rows, aligned.offset, diagnosis.delays),
  device_bins: deviceBins(ops, from, to, BINS),
  gpu: gpuPoints(aligned.gpu, from, to),
  host: hostPoints(aligned.host, from, to),
});
