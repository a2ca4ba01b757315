import type { Recorder } from '#trace/source';

const NEWEST = { 'nsys-sqlite': '3.25 (nsys 2026.2)', 'kineto-json': '1' } as const;

/** Who wrote a trace, and in which layout: `NVIDIA Nsight Systems 2025.3.2.0, schema 3.20.3`. */
export function writtenBy({ product, version, schema, format }: Recorder): string {
  const who = [product ?? (format === 'nsys-sqlite' ? 'Nsight Systems' : "PyTorch's profiler"), version ?? '(version not told)'];
  return `${who.join(' ')}${schema === undefined ? '' : `, schema ${schema}`}`;
}

/** What a layout that is newer than any that was looked at may hide; undefined for known ones. */
export const newerLayout = (recorder: Recorder): string | undefined =>
  recorder.isNewer
    ? `What is new in the trace's layout: ${writtenBy(recorder)}, is newer than ${NEWEST[recorder.format]}, the newest that was looked at. What it calls otherwise counts as not recorded.`
    : undefined;

/** Format and writer of a trace, as a report lists them. */
export const formatOf = (recorder: Recorder) => ({ format: recorder.format, written_by: writtenBy(recorder) });
