import { fileHash, hashedTrace } from '#app/inputs/file-hash';
import { formatOf, newerLayout } from '#report/build/written-by';
import type { TraceSource } from '#trace/source';

/** Tells of a trace whose layout is newer than any that was looked at. */
export function tellOfNewer({ recorder }: Pick<TraceSource, 'recorder'>, progress: (step: string) => void): void {
  const newer = newerLayout(recorder);
  if (newer !== undefined) progress(newer);
}

/** SHA-256 of a trace, taken while other things are done; who waits for it is told what went wrong. */
export function hashMeanwhile(file: string, stop: AbortSignal): Promise<string> {
  const hash = fileHash(file, stop);
  hash.catch(() => {});
  return hash;
}

/** Traces as a report lists them among its inputs. */
export const asInputs = (traces: readonly { readonly file: string; readonly store: Pick<TraceSource, 'recorder'> }[]) =>
  Promise.all(traces.map(async ({ file, store }) => ({ ...(await hashedTrace(file)), ...formatOf(store.recorder) })));
