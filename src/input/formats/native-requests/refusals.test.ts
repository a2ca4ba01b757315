import { describe, expect, test } from 'vitest';
import { ForensicsError } from '#core/errors';
import nativeRequests from './importer.ts';

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
