import { type PreludeName, prelude } from '#trace/queries/index.gen';
import type { ColumnName, Scan, TraceSource } from './source.ts';

/** What a relation without rows reads as. */
function emptyScan<R extends PreludeName, C extends ColumnName<R>>(relation: R, columns: readonly C[]): Scan<R, C> {
  const types = new Map<string, string>(prelude[relation].columns.map(c => [c.name, c.type]));
  const data = columns.map(name => [name, types.get(name) === 'int32' ? new Int32Array(0) : new Float64Array(0)]);
  return { n: 0, ...Object.fromEntries(data) };
}

/** Stands in where no trace was taken: every relation is missing, for the same reason. @param why in a sentence */
export const noTrace = (why: string): TraceSource => ({
  // What a trace would add is told as of nsys, which records most.
  recorder: { format: 'nsys-sqlite', product: undefined, version: undefined, schema: undefined, isNewer: false },
  missing: () => why,
  ask: () => ({ ok: false, missing: [why] }),
  scan: emptyScan,
  isChecked: true,
  damaged: () => [],
  names: () => new Map(),
  pidOf: globalPid => globalPid,
});
