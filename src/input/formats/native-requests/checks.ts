import { impossibleOf } from '#input/series/possible';
import { badRecord } from '#input/text/bad-record';
import type { WarningCounter } from '#input/text/warning-counter';
import { DAY_NS, extent, isEpochNs, mistakenUnit, msSince } from '#input/time/nanoseconds';
import { median } from '#input/time/sampling';
import type { RequestRecord } from './record.ts';

/** Stamps in the order in which they must come. */
const COURSE = ['arrival_ns', 'scheduled_ns', 'first_token_ns', 'finish_ns'] as const;

/** @throws ForensicsError 'bad-record' when a record's stamps run backwards, or lie so far apart that they are not on one clock. */
export const checkCourse = (record: RequestRecord, source: string): void => {
  let before: (typeof COURSE)[number] = 'arrival_ns';
  for (const name of COURSE) {
    const [from, to] = [record[before], record[name]];
    if (from === null || to === null) continue;
    const at = { source, line: record.line, field: name };
    if (to < from) {
      const what = `${to} is ${msSince(to, from)} ms earlier than ${before} (${from})`;
      throw badRecord(
        at,
        what,
        'Both must come from one clock, and the later event must have the later stamp: mend the program that wrote the file.',
      );
    }
    if (to - record.arrival_ns > DAY_NS) {
      const what = `${to} is more than a day after arrival_ns (${record.arrival_ns})`;
      throw badRecord(at, what, 'Write all stamps of a file in nanoseconds of one clock.');
    }
    before = name;
  }
};

/** @throws ForensicsError 'bad-record' when a record holds a number that no request can have */
export const checkValues = ({ fields, itl_ms, line }: RequestRecord, source: string): void => {
  const wrong = impossibleOf({ prompt_tokens: fields.prompt_tokens ?? null, output_tokens: fields.output_tokens ?? null, itl_ms });
  if (wrong === undefined) return;
  const field = wrong === 'itl_ms' ? 'itl_us' : wrong;
  throw badRecord({ source, line, field }, 'it holds a number that no request can have', 'See docs/formats.md, “What a value can be”.');
};

/**
 * Checks what only the file as a whole shows: one clock throughout, and nanoseconds. `records` must not be empty.
 * @throws ForensicsError 'bad-record'
 */
export const checkClock = (records: readonly RequestRecord[], source: string): void => {
  const [first] = records;
  if (first === undefined) return;
  const epoch = isEpochNs(first.arrival_ns);
  const stranger = records.find(record => isEpochNs(record.arrival_ns) !== epoch);
  const unit = epoch ? undefined : mistakenUnit(first.arrival_ns, usualDurationNs(records));
  if (unit !== undefined) {
    throw badRecord(
      { source, line: first.line, field: 'arrival_ns' },
      `${first.arrival_ns} looks like ${unit} since 1970, not nanoseconds`,
      'Write stamps in nanoseconds. If these are nanoseconds of a clock that counts from elsewhere, subtract the first arrival from all of them.',
    );
  }
  if (stranger !== undefined) {
    const what = `${stranger.arrival_ns} is on another clock than the ${first.arrival_ns} of line ${first.line}`;
    const hint = 'Write all stamps of a file in nanoseconds of one clock.';
    throw badRecord({ source, line: stranger.line, field: 'arrival_ns' }, what, hint);
  }
};

/** Median time from arrival to the last stamp; for want of that, the time that all arrivals take. */
const usualDurationNs = (records: readonly RequestRecord[]): number => {
  const durations = records.flatMap(({ arrival_ns, finish_ns, first_token_ns }) => {
    const last = finish_ns ?? first_token_ns;
    return last === null ? [] : [Number(last - arrival_ns)];
  });
  const { min, max } = extent(records.map(record => record.arrival_ns)) ?? { min: 0n, max: 0n };
  return median(durations) ?? Number(max - min);
};

/** Notes what does not fit together in a record but leaves its stamps usable. */
export const noteOddities = (record: RequestRecord, counter: WarningCounter): void => {
  const { output_tokens, status } = record.fields;
  const { line, intended_ns, arrival_ns, first_token_ns, finish_ns, itl_ms } = record;
  if (intended_ns !== null && arrival_ns < intended_ns) counter.note('the request arrived before it was meant to be sent', line);
  if (status === 'ok' && finish_ns === null) counter.note('status is "ok" but finish_ns is null; taken as unfinished', line);
  if (status === 'unfinished' && finish_ns !== null) counter.note('status is "unfinished", so finish_ns was left out', line);
  if (itl_ms === null) return;
  if (typeof output_tokens === 'number' && itl_ms.length !== Math.max(0, output_tokens - 1)) {
    counter.note('itl_us does not have one entry fewer than output_tokens', line);
  } else if (first_token_ns !== null && finish_ns !== null && itl_ms.length > 0) {
    const decoding = msSince(first_token_ns, finish_ns);
    const summed = itl_ms.reduce((sum, ms) => sum + ms, 0);
    if (summed > 1.1 * decoding + 1 || summed < 0.5 * decoding - 1) {
      counter.note('the entries of itl_us (microseconds) do not add up to the time from first_token_ns to finish_ns', line);
    }
  }
};
