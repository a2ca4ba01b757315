// Format: our own, described in docs/formats.md; the fields are in schema.ts.

import { assertOneResult } from '#input/series/one-result';
import { badRecord } from '#input/text/bad-record';
import { lines } from '#input/text/lines';
import type { Text } from '#input/text/text';
import { WarningCounter } from '#input/text/warning-counter';
import { clockOf, extent, msSince, RELATIVE_LIMIT } from '#input/time/nanoseconds';
import type { RequestRow, RequestSeries } from '#schema/relation';
import { defineImporter } from '../define.ts';
import { checkClock, checkCourse, checkValues, noteOddities } from './checks.ts';
import { limitsOf } from './limits.ts';
import { type RequestRecord, readRecord } from './record.ts';

const ID = 'native-requests';
const KEYS = /"(?:arrival_ns|scheduled_ns|first_token_ns|finish_ns|itl_us)"\s*:/g;
const SNIFFED_LINES = 10;
const EMPTY_HINT = 'Give a request log with at least one line; see docs/formats.md.';

export default defineImporter({
  id: ID,
  kind: 'requests',
  title: 'forensics request log (JSON lines)',
  extensions: ['.jsonl', '.ndjson'],
  keys: ['id', 'arrival_ns', 'first_token_ns', 'finish_ns', 'status'],
  columns: ['id', 'arrival_ns', 'scheduled_ns', 'first_token_ns', 'finish_ns', 'prompt_tokens', 'output_tokens', 'status'],
  sniff: head => {
    const first = head.split('\n', SNIFFED_LINES).map(line => line.replace(/^\ufeff/, '').trimStart());
    return first.some(line => line.startsWith('{') && new Set(line.match(KEYS)).size >= 2);
  },
  parse: (text, source): RequestSeries => {
    const counter = new WarningCounter();
    const records = readRecords(text, source, counter);
    const origin = extent(records.map(record => record.arrival_ns))?.min;
    if (origin === undefined) throw badRecord({ source }, 'the file holds no complete request', EMPTY_HINT);
    checkClock(records, source);
    assertOneResult(
      records.map(({ fields, arrival_ns, finish_ns }) => `${fields.id} ${arrival_ns} ${finish_ns}`),
      source,
    );
    const nameOnce = uniqueNames(counter);
    const rows = records.map(record => toRow(record, origin, nameOnce(record)));
    const clock = clockOf(origin);
    return {
      kind: 'requests',
      format: ID,
      clock,
      origin_ns: origin,
      rows: rows.sort((a, b) => a.arrival_ms - b.arrival_ms),
      limits: [...(clock.kind === 'relative' ? [RELATIVE_LIMIT] : []), ...limitsOf(rows)],
      warnings: counter.sentences(),
    };
  },
});

const readRecords = (text: Text, source: string, counter: WarningCounter): RequestRecord[] => {
  const records: RequestRecord[] = [];
  let latest: bigint | undefined;
  for (const line of lines(text, source)) {
    const record = readRecord(line, source, counter);
    if (record === undefined) continue;
    checkCourse(record, source);
    checkValues(record, source);
    noteOddities(record, counter);
    if (latest !== undefined && record.arrival_ns < latest)
      counter.note('the record is not in the order of arrival; rows were sorted', line.number);
    else latest = record.arrival_ns;
    records.push(record);
  }
  return records;
};

/** Names requests by their id, with a suffix where that name is taken. */
const uniqueNames = (counter: WarningCounter): ((record: RequestRecord) => string) => {
  const uses = new Map<string, number>();
  return ({ fields, line }) => {
    const id = String(fields.id);
    if (!uses.has(id)) {
      uses.set(id, 1);
      return id;
    }
    let use = uses.get(id) ?? 1;
    do use += 1;
    while (uses.has(`${id}#${use}`));
    uses.set(id, use).set(`${id}#${use}`, 1);
    counter.note('the id occurs before in the file; a suffix tells the two apart', line, `"${id}#${use}"`);
    return `${id}#${use}`;
  };
};

const toRow = (record: RequestRecord, origin: bigint, id: string): RequestRow => {
  const ms = (ns: bigint | null): number | null => (ns === null ? null : msSince(origin, ns));
  const { prompt_tokens, output_tokens, session, adapter } = record.fields;
  const status = statusOf(record);
  return {
    id,
    intended_ms: ms(record.intended_ns),
    arrival_ms: msSince(origin, record.arrival_ns),
    scheduled_ms: ms(record.scheduled_ns),
    first_token_ms: ms(record.first_token_ns),
    finish_ms: status === 'unfinished' ? null : ms(record.finish_ns),
    prompt_tokens: prompt_tokens ?? null,
    output_tokens: output_tokens ?? null,
    itl_ms: record.itl_ms,
    ...(session === undefined || session === null ? {} : { session }),
    ...(adapter === undefined ? {} : { adapter }),
    status,
  };
};

const statusOf = ({ fields: { status }, finish_ns }: RequestRecord): RequestRow['status'] => {
  if (status === 'error') return 'failed';
  return status === 'ok' && finish_ns === null ? 'unfinished' : status;
};
