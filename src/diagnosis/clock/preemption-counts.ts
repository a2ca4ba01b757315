import { countsPreemptions, type PreemptionCount } from '#diagnosis/telemetry/preemptions';
import type { SeriesFile } from '#input/series/on-trace-clock';

/** Counts of preempted requests in the files beside a trace, on its clock. Scrapes carry the time of day; a file that tells none is left out. */
export const preemptionCounts = (files: readonly SeriesFile[], session: bigint): readonly PreemptionCount[] =>
  files.flatMap(({ series }) => {
    if (series.kind !== 'samples' || series.clock.kind !== 'epoch') return [];
    const offset = Number(series.origin_ns - session);
    return series.rows.flatMap(row =>
      countsPreemptions(row) ? [{ t: row.t_ms * 1e6 + offset, entity: row.entity, value: row.value }] : [],
    );
  });
