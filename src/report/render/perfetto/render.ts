import type { Report } from '#schema/report';
import { reportGroups } from './of-report.ts';
import { gpuGroups, threadGroups } from './of-trace.ts';
import type { TraceSlices } from './slices.ts';
import { eventsOf } from './tracks.ts';

/**
 * A report and the trace behind it as Chrome's JSON of traces, piece by piece: it may be larger than a string can be. Times are those of the
 * session, as nsys shows them, in microseconds.
 */
export function* renderPerfetto(report: Report, slices: TraceSlices): Generator<string, void> {
  const about = {
    tool: `${report.tool.name} ${report.tool.version}`,
    trace: report.inputs.find(i => i.kind === 'trace')?.path ?? '',
    // Readers of such files know of no offset from the epoch: a person may.
    ...(report.window.epoch_known
      ? { session_start_epoch_ns: String(BigInt(report.window.start_ns) - BigInt(Math.round(slices.windowStart))) }
      : {}),
  };
  yield `{"displayTimeUnit":"ns","otherData":${JSON.stringify(about)},"traceEvents":[`;
  let before = '\n';
  for (const event of eventsOf([...reportGroups(report, slices), ...gpuGroups(slices), ...threadGroups(slices)])) {
    yield `${before}${JSON.stringify(event)}`;
    before = ',\n';
  }
  yield '\n]}\n';
}
