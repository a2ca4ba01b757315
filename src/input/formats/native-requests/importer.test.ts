import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import nativeRequests from './importer.ts';
import { NativeRequest } from './schema.ts';

const SAMPLE = readFileSync(new URL('sample.jsonl', import.meta.url), 'utf8');
const T = 1795311833294518591n;
const parse = (text: string) => nativeRequests.parse(text, 'r.jsonl');

/** One line; fields are raw JSON text, so that integers beyond 2^53 can be written. */
const line = (fields: Record<string, string | undefined> = {}): string => {
  const all = {
    id: '1',
    arrival_ns: `${T}`,
    first_token_ns: `${T + 5_000_000n}`,
    finish_ns: `${T + 20_000_000n}`,
    status: '"ok"',
    ...fields,
  };
  const present = Object.entries(all).filter(([, value]) => value !== undefined);
  return `{${present.map(([key, value]) => `"${key}": ${value}`).join(', ')}}\n`;
};

describe('values', () => {
  test('the sample is read exactly', () => {
    const series = parse(SAMPLE);
    expect(series).toMatchObject({
      kind: 'requests',
      format: 'native-requests',
      clock: { kind: 'epoch', uncertainty_ms: 0 },
      origin_ns: T,
      warnings: [],
    });
    expect(series.rows).toHaveLength(8);
    const [first, second] = series.rows;
    expect(first).toMatchObject({
      id: '0',
      intended_ms: null,
      arrival_ms: 0,
      scheduled_ms: 0.291958,
      first_token_ms: 4.867016,
      finish_ms: 128.045481,
    });
    expect(first).toMatchObject({ prompt_tokens: 384, output_tokens: 42, status: 'ok' });
    expect(first?.itl_ms?.slice(0, 3)).toEqual(Float32Array.of(3.751, 2.706, 2.66));
    expect(second?.arrival_ms).toBe(26.964635);
    expect(series.rows.at(-1)).toMatchObject({ id: '586', finish_ms: null, status: 'unfinished', output_tokens: 11 });
    expect(series.limits).toEqual([expect.stringContaining('intended_ns')]);
  });

  test('stamps beyond 2^53 keep their last digit, as numbers and as strings', () => {
    const [a, b] = [T + 1n, T + 2n];
    for (const [x, y] of [
      [`${a}`, `${b}`],
      [`"${a}"`, `"${b}"`],
      [` ${a}`, `${b} `],
    ]) {
      const series = parse(line({ arrival_ns: x, first_token_ns: y, finish_ns: y }));
      expect(series.origin_ns).toBe(a);
      expect(series.rows[0]?.finish_ms).toBe(0.000001);
    }
  });

  test('what looks like a stamp inside a string is left alone', () => {
    const id = '"a \\"arrival_ns\\": 12345678901234567890, \\\\"';
    expect(parse(line({ id })).rows[0]?.id).toBe('a "arrival_ns": 12345678901234567890, \\');
    expect(parse(line({ note: '["arrival_ns", ":", "\\\\"]' })).rows).toHaveLength(1);
  });

  test('session and adapter are kept where they are told, and a request without an adapter has none', () => {
    const row = (fields: Record<string, string>) => parse(line(fields)).rows[0];
    expect(row({ session: '3', adapter: '"sql"', nonce: '"time year"' })).toMatchObject({ session: 3, adapter: 'sql' });
    expect(row({ adapter: 'null' })?.adapter).toBeNull();
    expect(row({})).not.toHaveProperty('adapter');
  });

  test('an id beyond 2^53 keeps its digits', () => {
    expect(parse(line({ id: '12345678901234567891' })).rows[0]?.id).toBe('12345678901234567891');
  });

  test('failed and error are failed; unfinished and a missing end are unfinished', () => {
    const status = (fields: Record<string, string>) => parse(line(fields)).rows[0]?.status;
    expect(status({ status: '"failed"' })).toBe('failed');
    expect(status({ status: '"error"', finish_ns: 'null' })).toBe('failed');
    expect(status({ status: '"unfinished"', finish_ns: 'null' })).toBe('unfinished');
    expect(status({ finish_ns: 'null' })).toBe('unfinished');
  });

  test('fields that may be absent are null, and what that costs is said', () => {
    const series = parse(line());
    expect(series.rows[0]).toMatchObject({ scheduled_ms: null, prompt_tokens: null, output_tokens: null, itl_ms: null });
    expect(series.limits).toHaveLength(5);
    expect(series.limits.join(' ')).toMatch(/intended_ns.*scheduled_ns.*prompt_tokens.*output_tokens.*itl_us/);
  });
});

test.each([
  ['itl_us', { itl_us: '[1000, 9007199254740993]' }],
  ['prompt_tokens', { prompt_tokens: '4000000000' }],
  ['output_tokens', { output_tokens: '4000000000' }],
])('a number that no request can have is refused: %s', (field, fields) =>
  expect(() => parse(line() + line({ id: '2', ...fields }))).toThrow(`line 2, field ${field}: it holds a number that no request can have`),
);

describe('warnings count what is odd', () => {
  const warningsOf = (text: string) => parse(text).warnings;

  test('a cut-off end', () => {
    const series = parse(line() + line({ id: '2' }).slice(0, 60));
    expect(series.rows).toHaveLength(1);
    expect(series.warnings).toEqual(['Line 2: the file ends in the middle of this record, which was left out.']);
  });

  test('a last line that is complete but for its line break is kept', () => {
    expect(parse(line() + line({ id: '2' }).trimEnd())).toMatchObject({ rows: { length: 2 }, warnings: [] });
  });

  test('times between tokens that do not fit the number of tokens', () => {
    const odd = (id: string) => line({ id, output_tokens: '5', itl_us: '[1, 2]' });
    expect(warningsOf(line() + odd('2') + odd('3'))).toEqual([
      '2 lines, the first of them line 2: itl_us does not have one entry fewer than output_tokens.',
    ]);
  });

  test('times between tokens that do not add up, as when they are in milliseconds', () => {
    expect(warningsOf(line({ output_tokens: '3', itl_us: '[7, 8]' }))).toEqual([expect.stringContaining('do not add up')]);
    expect(warningsOf(line({ output_tokens: '3', itl_us: '[7000, 8000]' }))).toEqual([]);
  });

  test('ids that occur twice get a suffix that is not taken', () => {
    const series = parse(['"a"', '"a"', '"a#2"', '"a"'].map(id => line({ id })).join(''));
    expect(new Set(series.rows.map(row => row.id)).size).toBe(4);
    expect(series.warnings).toEqual([
      '3 lines, the first of them line 2: the id occurs before in the file; a suffix tells the two apart ("a#2").',
    ]);
  });

  test('records out of order are sorted', () => {
    const series = parse(line() + line({ id: '2', arrival_ns: `${T - 1000n}` }));
    expect(series.rows.map(row => [row.id, row.arrival_ms])).toEqual([
      ['2', 0],
      ['1', 0.001],
    ]);
    expect(series.warnings).toEqual(['Line 2: the record is not in the order of arrival; rows were sorted.']);
  });

  test('fields that are not in the format', () => {
    expect(warningsOf(line({ model: '"m"', x: '1' }))).toEqual(['Line 1: fields that are not in the format were ignored ("model, x").']);
  });

  test('a status that contradicts the end, and an arrival before the intended start', () => {
    expect(warningsOf(line({ finish_ns: 'null' }))).toEqual(['Line 1: status is "ok" but finish_ns is null; taken as unfinished.']);
    expect(warningsOf(line({ status: '"unfinished"' }))).toEqual(['Line 1: status is "unfinished", so finish_ns was left out.']);
    expect(warningsOf(line({ intended_ns: `${T + 9n}` }))).toEqual(['Line 1: the request arrived before it was meant to be sent.']);
  });
});

test('the JSON Schema asks for whole stamps of any size and lets other fields be', () => {
  expect(z.toJSONSchema(NativeRequest)).toMatchObject({
    additionalProperties: true,
    required: ['id', 'arrival_ns', 'first_token_ns', 'finish_ns', 'status'],
    properties: { arrival_ns: { anyOf: [{ type: 'string' }, { type: 'integer' }] } },
  });
});
