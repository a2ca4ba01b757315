import { writePieces } from '#app/files/write-files';
import { ForensicsError } from '#core/errors';
import type { Ms, Ns, Share } from '#core/units';
import { renderPerfetto } from '#report/render/perfetto/render';
import type { TraceSlices } from '#report/render/perfetto/slices';
import type { Report } from '#schema/report';
import { sessionStart } from '#trace/events/trace-facts';
import type { TraceSource } from '#trace/source';

/** How much of the time before and after an incident is shown with it, of its length. */
const AROUND: Share = 0.5;
const NS_PER_MS = 1e6;

/** What of a trace is drawn: all of it, or an incident by its id. */
export type PerfettoWindow = 'all' | (string & {});

/** Ids that a report gives its incidents: I1, I2 and so on. */
const ID = /^I[1-9]\d*$/;

/** Says before the work that no report could have such an incident. @throws ForensicsError bad-argument */
export function assertWindow(wanted: PerfettoWindow): void {
  if (wanted !== 'all' && !ID.test(wanted))
    throw new ForensicsError(
      'bad-argument',
      `--perfetto-window ${wanted} names no incident`,
      'Write all, or an incident by its number, as I1.',
    );
}

/** The window of the report that is drawn, ms since it begins. @throws ForensicsError bad-argument */
function windowOf(report: Report, wanted: PerfettoWindow): readonly [Ms, Ms] {
  if (wanted === 'all') return [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  const incident = report.incidents.find(i => i.id === wanted);
  if (incident !== undefined) {
    const around = (incident.end_ms - incident.start_ms) * AROUND;
    return [incident.start_ms - around, incident.end_ms + around];
  }
  const ids = report.incidents.map(i => i.id);
  throw new ForensicsError(
    'bad-argument',
    `--perfetto-window names ${wanted}, which is no incident of this report`,
    ids.length === 0 ? 'It has none: use all.' : `Use all, or one of: ${ids.join(', ')}.`,
  );
}

/** What a trace holds of a window, and whether that is all of it. */
function slicesOf(report: Report, trace: TraceSource, wanted: PerfettoWindow): TraceSlices {
  const windowStart: Ns = Number(BigInt(report.window.start_ns) - (sessionStart(trace) ?? 0n));
  const [from, to] = windowOf(report, wanted).map(t => windowStart + t * NS_PER_MS) as [Ns, Ns];
  const params = {
    ...(Number.isFinite(from) ? { from_ns: Math.round(from) } : {}),
    ...(Number.isFinite(to) ? { to_ns: Math.round(to) } : {}),
  };
  const gpu = trace.ask('timeline_gpu', params);
  const threads = trace.ask('timeline_thread', params);
  const names = trace.ask('thread_name');
  return {
    gpu: gpu.ok ? gpu.rows : [],
    threads: threads.ok ? threads.rows : [],
    names: names.ok ? names.rows : [],
    ...{ from, to, windowStart },
  };
}

/**
 * Writes a report and the trace behind it for ui.perfetto.dev.
 * @throws ForensicsError bad-argument where no incident has that name; not-writable
 */
export function writePerfetto(report: Report, trace: TraceSource, file: string, wanted: PerfettoWindow): void {
  writePieces(file, renderPerfetto(report, slicesOf(report, trace, wanted)));
}
