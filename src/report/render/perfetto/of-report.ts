import type { Ms, Ns } from '#core/units';
import { CAUSE_TEXT, type CauseOrRest } from '#schema/causes';
import type { Report } from '#schema/report';
import type { TraceSlices } from './slices.ts';
import type { Box, CounterTrack, Group } from './tracks.ts';

const NS_PER_MS = 1e6;
type Window = Pick<TraceSlices, 'from' | 'to' | 'windowStart'>;
const at = ({ windowStart }: Window, t: Ms): Ns => windowStart + Math.round(t * NS_PER_MS);
const isIn = ({ from, to }: Window, { start, end }: Pick<Box, 'start' | 'end'>) => start < to && end > from;
const titleOf = (cause: string): string => (Object.hasOwn(CAUSE_TEXT, cause) ? CAUSE_TEXT[cause as CauseOrRest].title : cause);

function incidentBoxes(report: Report, window: Window): Box[] {
  return report.incidents
    .map(i => ({
      start: at(window, i.start_ms),
      end: at(window, i.end_ms),
      name: `${i.id}: ${titleOf(i.causes[0]?.cause ?? 'unexplained')}`,
      kind: 'incident',
      args: { story: i.story, held_up_ms: i.held_up_ms, excess_ms: i.excess_ms, requests: i.requests },
    }))
    .filter(box => isIn(window, box));
}

function requestBoxes(report: Report, window: Window): Box[] {
  return report.charts.requests
    .map(r => ({
      start: at(window, r.t_ms),
      end: at(window, r.t_ms + r.latency_ms),
      name: r.id,
      kind: 'request',
      args: { latency_ms: r.latency_ms, expected_ms: r.expected_ms, excess_ms: r.excess_ms, cause: titleOf(r.cause) },
    }))
    .filter(box => isIn(window, box));
}

/** Readings as a counter; what was not read has no point. */
function counter(title: string, window: Window, points: readonly { readonly t_ms: Ms; readonly value: number | null }[]): CounterTrack[] {
  const read = points.flatMap(({ t_ms, value }) => (value === null ? [] : [{ at: at(window, t_ms), value }]));
  const inside = read.filter(p => p.at >= window.from && p.at <= window.to);
  return inside.length === 0 ? [] : [{ title, points: inside }];
}

function counters({ charts: { gpu, host } }: Report, window: Window): CounterTrack[] {
  const gpus = [...new Set(gpu.map(g => g.gpu))];
  return [
    ...gpus.flatMap(name => {
      const own = gpu.filter(g => g.gpu === name);
      return [
        ...counter(
          `${name} power (W)`,
          window,
          own.map(g => ({ t_ms: g.t_ms, value: g.power_w })),
        ),
        ...counter(
          `${name} SM clock (MHz)`,
          window,
          own.map(g => ({ t_ms: g.t_ms, value: g.sm_clock_mhz })),
        ),
      ];
    }),
    ...counter(
      'host CPU (%)',
      window,
      host.map(h => ({ t_ms: h.t_ms, value: h.cpu_pct })),
    ),
    ...counter(
      'host I/O wait (%)',
      window,
      host.map(h => ({ t_ms: h.t_ms, value: h.iowait_pct })),
    ),
    ...counter(
      'disk read (MB/s)',
      window,
      host.map(h => ({ t_ms: h.t_ms, value: h.disk_read_mb_s })),
    ),
    ...counter(
      'disk write (MB/s)',
      window,
      host.map(h => ({ t_ms: h.t_ms, value: h.disk_write_mb_s })),
    ),
    ...counter(
      'major page faults (1/s)',
      window,
      host.map(h => ({ t_ms: h.t_ms, value: h.major_faults_s })),
    ),
  ];
}

/** What the report says of a window: its incidents, its requests and the readings of GPU and host. */
export function reportGroups(report: Report, window: Window): Group[] {
  const groups: readonly Group[] = [
    { title: 'incidents', tracks: [{ title: 'incidents', boxes: incidentBoxes(report, window) }], counters: [] },
    { title: 'requests', tracks: [{ title: 'requests', boxes: requestBoxes(report, window) }], counters: [] },
    { title: 'GPU and host samples', tracks: [], counters: counters(report, window) },
  ];
  return groups.filter(g => g.counters.length > 0 || g.tracks.some(t => t.boxes.length > 0));
}
