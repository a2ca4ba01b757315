import { quote } from '#input/text/bad-record';
import type { Line } from '#input/text/lines';
import type { WarningCounter } from '#input/text/warning-counter';
import type { RunSummary } from '#schema/relation';

const SECONDS = { us: 1e-6, ms: 1e-3, s: 1, m: 60, h: 3600 } as const;
type Unit = keyof typeof SECONDS;
const isUnit = (text: string | undefined): text is Unit => text !== undefined && Object.hasOwn(SECONDS, text);

/** The lines that are read, each by how it begins and by how it must go on. */
const LINES = {
  total: [/ requests in /, /^\s*(\d{1,15}) requests in (\d{1,9}(?:\.\d{1,9})?)(us|ms|s|m|h),/],
  rate: [/^Requests\/sec:/, /^Requests\/sec:\s+(\d{1,15}(?:\.\d{1,6})?)\s*$/],
  refused: [/Non-2xx or 3xx responses:/, /^\s*Non-2xx or 3xx responses: (\d{1,15})\s*$/],
  sockets: [/Socket errors:/, /^\s*Socket errors: connect (\d{1,12}), read (\d{1,12}), write (\d{1,12}), timeout (\d{1,12})\s*$/],
  connections: [/ threads and .* connections/, /^\s*\d{1,6} threads and (\d{1,9}) connections\s*$/],
} as const satisfies Readonly<Record<string, readonly [RegExp, RegExp]>>;
type Name = keyof typeof LINES;

/** The captures of each line that is there; one that cannot be read is noted. */
const readLines = (lines: readonly Line[], counter: WarningCounter): ReadonlyMap<Name, readonly string[]> => {
  const found = new Map<Name, readonly string[]>();
  for (const { number, text } of lines)
    for (const [name, [begin, whole]] of Object.entries(LINES) as [Name, readonly [RegExp, RegExp]][]) {
      if (!begin.test(text)) continue;
      const captures = whole.exec(text)?.slice(1);
      if (captures === undefined) counter.note('the line cannot be read, so its figures are missing', number, quote(text));
      else if (!found.has(name)) found.set(name, captures);
    }
  return found;
};

/**
 * What stands around the table in the output of wrk2 (src/wrk.c). It writes errors only where there were some, so that none
 * is known from the last line (Requests/sec) only. Empty for a table alone, or a report that is cut off before its end.
 */
export const readReport = (lines: readonly Line[], counter: WarningCounter): Partial<RunSummary> => {
  const found = readLines(lines, counter);
  const numbers = (name: Name) => (found.get(name) ?? []).map(Number);
  const [, , unit] = found.get('total') ?? [];
  const [requests, time] = numbers('total');
  const [perSecond] = numbers('rate');
  if (requests === undefined || time === undefined || perSecond === undefined || !isUnit(unit)) return {};
  const [refused = 0] = numbers('refused');
  return {
    duration_s: time * SECONDS[unit],
    concurrency: numbers('connections')[0] ?? null,
    completed: Math.max(0, requests - refused),
    failed: numbers('sockets').reduce((sum, count) => sum + count, refused),
    requests_per_s: perSecond,
  };
};
