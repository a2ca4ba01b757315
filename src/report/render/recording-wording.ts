import { change as changeOf, plain } from '#core/format/numbers';
import type { Overhead, Recording } from '#schema/recording';

/** The profiler's cost on one metric, in words. */
export const overheadWords = ({ metric, unit, control, recorded, change, change_ci }: Overhead): string =>
  `${metric}: ${plain(control)} ${unit} without the profiler, ${plain(recorded)} ${unit} with it, ${changeOf(change)} (${
    change_ci === null ? 'too few requests for an interval' : `95 % interval ${changeOf(change_ci[0])} to ${changeOf(change_ci[1])}`
  })`;

/** How the trace was recorded, in sentences. */
export function recordingWords(recording: Recording): string[] {
  const { preset, nsys_version, method, flags, closed_by, overhead } = recording;
  return [
    `Recorded by forensics capture, preset ${preset}, with nsys ${nsys_version}: ${method}.`,
    ...(flags.length > 0 ? [`Flags of the user's: ${flags.join(' ')}.`] : []),
    ...(closed_by === null ? [] : [`The window closed because ${closed_by}.`]),
    overhead === null
      ? 'What the profiler itself costs was not measured (--control). Nothing here is corrected for it.'
      : 'What the profiler costs, from a run without it. Nothing in this report is corrected for it; the intervals do not cover what differs from one start of the workload to the next.',
  ];
}

/** A format, and of a trace who wrote it. */
export const inputFormat = ({ format, written_by }: { readonly format: string; readonly written_by?: string | undefined }): string =>
  written_by === undefined ? format : `${format} (${written_by})`;
