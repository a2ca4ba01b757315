import type { RunSummary } from '#schema/relation';

const SECONDS = { us: 1e-6, ms: 1e-3, s: 1, m: 60, h: 3600 } as const;
type Unit = keyof typeof SECONDS;
const isUnit = (text: string | undefined): text is Unit => text !== undefined && Object.hasOwn(SECONDS, text);

/** The first capture of a pattern in any line, as a number. */
const numberIn = (lines: readonly string[], pattern: RegExp): number | undefined => {
  const found = lines.map(line => pattern.exec(line)?.[1]).find(text => text !== undefined);
  return found === undefined ? undefined : Number(found);
};

/**
 * What stands around the table in the output of wrk2 (src/wrk.c). It writes errors only where there were some, so that none
 * is known from the last line (Requests/sec) only. Empty for a table alone, or a report that is cut off before its end.
 */
export const readReport = (lines: readonly string[]): Partial<RunSummary> => {
  const total = lines.map(line => /^\s*(\d{1,15}) requests in ([\d.]{1,15})(us|ms|s|m|h),/.exec(line)).find(match => match !== null);
  const perSecond = numberIn(lines, /^Requests\/sec:\s+(\d{1,15}(?:\.\d{1,6})?)\s*$/);
  if (total === null || total === undefined || perSecond === undefined) return {};
  const [, requests = '', time = '', unit] = total;
  const refused = numberIn(lines, /^\s*Non-2xx or 3xx responses: (\d{1,15})\s*$/) ?? 0;
  const sockets = /^\s*Socket errors: connect (\d{1,12}), read (\d{1,12}), write (\d{1,12}), timeout (\d{1,12})\s*$/;
  const broken = lines.map(line => sockets.exec(line)).find(match => match !== null) ?? [];
  return {
    duration_s: isUnit(unit) && Number.isFinite(Number(time)) ? Number(time) * SECONDS[unit] : null,
    concurrency: numberIn(lines, /^\s*\d{1,6} threads and (\d{1,9}) connections\s*$/) ?? null,
    completed: Math.max(0, Number(requests) - refused),
    failed: broken.slice(1).reduce((sum, count) => sum + Number(count), refused),
    requests_per_s: perSecond,
  };
};
