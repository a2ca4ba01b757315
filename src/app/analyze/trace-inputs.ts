import { hashedTrace } from '#app/inputs/file-hash';
import { formatOf, newerLayout } from '#report/build/written-by';
import type { TraceSource } from '#trace/source';

/** Tells of a trace whose layout is newer than any that was looked at. */
export function tellOfNewer({ recorder }: Pick<TraceSource, 'recorder'>, progress: (step: string) => void): void {
  const newer = newerLayout(recorder);
  if (newer !== undefined) progress(newer);
}

/** Traces as a report lists them among its inputs. */
export const asInputs = (traces: readonly { readonly file: string; readonly store: Pick<TraceSource, 'recorder'> }[]) =>
  Promise.all(traces.map(async ({ file, store }) => ({ ...(await hashedTrace(file)), ...formatOf(store.recorder) })));
