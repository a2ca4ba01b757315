import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { ForensicsError } from '#model/errors';
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

const refusal = (text: string): ForensicsError => {
  try {
    parse(text);
  } catch (error) {
    if (error instanceof ForensicsError) return error;
    throw error;
  }
  throw new Error('it was accepted');
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
    expect(first?.itl_ms?.slice(0, 3)).toEqual([3.751, 2.706, 2.66]);
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

describe('clock', () => {
  test('small stamps give a relative clock, and a limit that says so', () => {
    const series = parse(line({ arrival_ns: '500', first_token_ns: '10000000', finish_ns: '900000000' }));
    expect(series).toMatchObject({ clock: { kind: 'relative' }, origin_ns: 500n });
    expect(series.limits[0]).toContain('do not count from 1970');
  });

  test('twenty days of uptime in nanoseconds are not mistaken for a date in microseconds', () => {
    const up = 1_728_000_000_000_000n;
    const fields = { arrival_ns: `${up}`, first_token_ns: `${up + 10n ** 8n}`, finish_ns: `${up + 10n ** 9n}` };
    expect(parse(line(fields)).clock.kind).toBe('relative');
  });

  test.each([
    ['seconds', '1795311833', '1795311834'],
    ['milliseconds', '1795311833294', '1795311834500'],
    ['microseconds', '1795311833294518', '1795311833494518'],
  ])('stamps in %s are refused', (unit, arrival_ns, later) => {
    expect(refusal(line({ arrival_ns, first_token_ns: later, finish_ns: later })).message).toBe(
      `r.jsonl, line 1, field arrival_ns: ${arrival_ns} looks like ${unit} since 1970, not nanoseconds.`,
    );
  });

  test('seconds with a fraction are refused as seconds', () => {
    expect(refusal(line({ arrival_ns: '1795311833.25' })).message).toContain(
      'field arrival_ns: 1795311833.25 looks like seconds since 1970',
    );
  });

  test('a stamp with an exponent has lost its digits and is refused', () => {
    expect(refusal(line({ finish_ns: '1.7953118332945186e18' })).message).toContain(
      'field finish_ns: 1795311833294518500 is not a whole number',
    );
  });

  test('two clocks in a file are refused', () => {
    const other = line({ id: '2', arrival_ns: '5', first_token_ns: '6', finish_ns: '7' });
    expect(refusal(line() + other).message).toBe(`r.jsonl, line 2, field arrival_ns: 5 is on another clock than the ${T} of line 1.`);
    expect(refusal(line({ arrival_ns: '5' })).message).toContain(
      'field first_token_ns: 1795311833299518591 is more than a day after arrival_ns (5)',
    );
  });
});

describe('refusals name file, line and field', () => {
  test.each([
    [
      'a missing arrival',
      { arrival_ns: undefined },
      'field arrival_ns: it is missing, but the field must be nanoseconds: when the request began.',
    ],
    ['a null arrival', { arrival_ns: 'null' }, 'field arrival_ns: it is null, but'],
    [
      'a missing end',
      { finish_ns: undefined },
      'field finish_ns: it is missing, but the field must be nanoseconds, or null if it did not: when the request ended.',
    ],
    [
      'an unknown status',
      { status: '"late"' },
      'field status: it is "late", but the field must be "ok", "failed" (or "error"), or "unfinished".',
    ],
    ['a word for a stamp', { finish_ns: '"soon"' }, 'field finish_ns: it is "soon", but'],
    [
      'a negative token count',
      { output_tokens: '-1' },
      'field output_tokens: it is -1, but the field must be a whole number of output tokens.',
    ],
    ['a negative time between tokens', { itl_us: '[1, -2]' }, 'field itl_us: entry 1 is -2, but'],
    [
      'an end before the arrival',
      { first_token_ns: 'null', finish_ns: `${T - 1_000_000n}` },
      `field finish_ns: ${T - 1_000_000n} is 1 ms earlier than arrival_ns (${T}).`,
    ],
    [
      'a first token before the arrival',
      { first_token_ns: `${T - 1n}` },
      `field first_token_ns: ${T - 1n} is 0.000001 ms earlier than arrival_ns (${T}).`,
    ],
    [
      'an end before the first token',
      { finish_ns: `${T + 4_000_000n}` },
      'field finish_ns: 1795311833298518591 is 1 ms earlier than first_token_ns (1795311833299518591).',
    ],
    [
      'an admission before the arrival',
      { scheduled_ns: `${T - 5n}` },
      'field scheduled_ns: 1795311833294518586 is 0.000005 ms earlier than arrival_ns',
    ],
  ])('%s', (_, fields, sentence) => {
    const error = refusal(`${line({ id: '0' })}\n${line(fields)}`);
    expect(error.code).toBe('bad-record');
    expect(error.message).toContain(`r.jsonl, line 3, ${sentence}`);
  });

  test('lines that are not JSON objects', () => {
    expect(refusal(`${line()}{"id": NaN}\n${line()}`).message).toMatch(/^r\.jsonl, line 2: the line is not a JSON object \(.*\)\.$/);
    expect(refusal('[1]\n').message).toBe('r.jsonl, line 1: [1] is not a JSON object.');
  });

  test('a file without requests', () => {
    for (const text of ['', '\n \n', '{"id": 1, "arr']) expect(refusal(text).message).toBe('r.jsonl: the file holds no complete request.');
  });
});

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
