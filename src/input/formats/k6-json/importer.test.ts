import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import k6Json from './importer.ts';

const SAMPLE = readFileSync(new URL('sample.jsonl', import.meta.url), 'utf8');
const parse = (text: string) => k6Json.parse(text, 'k6.json');
const point = (data: object) => `${JSON.stringify({ metric: 'http_req_duration', type: 'Point', data })}\n`;
const T = '2026-11-22T01:30:00Z';

describe('values', () => {
  test('a point is the end of a request; arrival is end minus duration, to the nanosecond', () => {
    const series = parse(SAMPLE);
    expect(series.origin_ns).toBe(BigInt(Date.UTC(2026, 10, 22, 1, 30)) * 1_000_000n + 10_000_000n);
    expect(series.clock).toEqual({ kind: 'epoch', uncertainty_ms: 0 });
    expect(series.rows.map(({ id, arrival_ms, finish_ms, status }) => [id, arrival_ms, finish_ms, status])).toEqual([
      ['1', 0, 90.0005, 'ok'],
      ['2', 40, 240, 'ok'],
      ['3', 277.75, 290, 'failed'],
      ['4', 490, 1490, 'failed'],
    ]);
    expect(series.warnings).toEqual([]);
  });

  test.each([
    [{ expected_response: 'true', status: '404' }, 'ok'],
    [{ expected_response: 'false', status: '200' }, 'failed'],
    [{ status: '302' }, 'ok'],
    [{ status: '500' }, 'failed'],
    [{ status: '0' }, 'failed'],
    [{ error_code: '1211' }, 'failed'],
    [null, 'ok'],
  ])('tags %j mean %s', (tags, status) => {
    expect(parse(point({ time: T, value: 1, tags })).rows[0]?.status).toBe(status);
  });

  test('says what is not in the latency', () => {
    expect(parse(SAMPLE).limits.join(' ')).toMatch(/http_req_blocked.*dropped_iterations/);
  });

  test('a killed run leaves a cut last line, which is left out with a warning', () => {
    const series = parse(SAMPLE.slice(0, -20));
    expect(series.rows).toHaveLength(3);
    expect(series.warnings).toEqual(['Line 8: the file ends in the middle of this record, which was left out.']);
  });
});

describe('refusals name the line and the field', () => {
  test.each([
    [point({ time: T, value: '12' }), 'k6.json, line 1, field data.value: "12" is not what belongs here (it must be a number).'],
    [
      point({ time: T, value: -1 }),
      'k6.json, line 1, field data.value: -1 is not what belongs here (it must be a duration in milliseconds).',
    ],
    [point({ time: '01:30', value: 1 }), 'k6.json, line 1, field data.time: "01:30" is not a time with a zone.'],
    [SAMPLE.split('\n')[0] ?? '', 'k6.json: no request has ended in it (no point of http_req_duration).'],
  ])('%#', (text, message) => expect(() => parse(text)).toThrow(message));
});
