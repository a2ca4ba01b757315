import { describe, expect, test } from 'vitest';
import { ForensicsError } from '#core/errors';
import type { AnySeries } from '#schema/relation';
import { IMPORTERS } from '#test/every-importer';

/** The kernel tells of one error several times in a second, to the letter: its lines are taken as they are, below four. */
const SAME_TWICE = ['xid-log'];

const requestsOf = (series: AnySeries): number =>
  series.kind === 'requests'
    ? series.rows.length
    : series.kind === 'summary'
      ? series.rows.reduce((sum, row) => sum + (row.completed ?? 0), 0)
      : 0;

/** What `cat result result` writes. */
describe.each(IMPORTERS.filter(({ id }) => !SAME_TWICE.includes(id)))('$id', ({ importer, text }) => {
  test('joined to itself counts nothing twice: it is refused in a sentence, or read once', () => {
    const once = importer.parse(text, 'file');
    const end = text.endsWith('\n') ? '' : '\n';
    try {
      const twice = importer.parse(text + end + text, 'file');
      expect(requestsOf(twice)).toBe(requestsOf(once));
      expect(twice.rows.length).toBe(once.rows.length);
    } catch (error) {
      if (!(error instanceof ForensicsError)) throw error;
      expect(error.code).toBe('bad-record');
    }
  });
});

const importerOf = (id: string) => IMPORTERS.find(other => other.id === id)!.importer;
const K6 = (run: number, from: number) =>
  [
    '{"type":"Metric","metric":"http_req_duration","data":{"name":"http_req_duration","type":"trend","contains":"time"}}',
    ...[0, 1, 2].map(
      i =>
        `{"metric":"http_req_duration","type":"Point","data":{"time":"2026-11-30T10:0${run}:0${i}.5Z","value":${from + i},"tags":{"status":"200"}}}`,
    ),
    '',
  ].join('\n');
const HEY = (from: number) =>
  `response-time,DNS+dialup,DNS,Request-write,Response-delay,Response-read,status-code,offset\n0.${from}01,0.0000,0.0000,0.0000,0.1000,0.0000,200,0.1000\n`;

describe('two results of two runs in one file are refused, with the line at which the second begins', () => {
  test.each<[string, string, string]>([
    ['k6-json', K6(1, 10) + K6(2, 20), 'file, line 5: k6 declares http_req_duration a second time here, so the file holds two results.'],
    ['hey-csv', HEY(12) + HEY(34), 'file, line 3: the header of line 1 stands here again, so the file holds two results.'],
    [
      'gatling-log',
      'RUN\ta.B\t\t1\t \t3\nRUN\ta.B\t\t2\t \t3\n',
      'file, line 2: another run of Gatling begins here, so the file holds two results.',
    ],
    [
      'hdr-hlog',
      '#[Histogram log format version 1.3]\n#[Histogram log format version 1.3]\n',
      'file, line 2: another log begins here, so the file holds two results.',
    ],
  ])('%s', (id, text, sentence) => expect(() => importerOf(id).parse(text, 'file')).toThrow(sentence));
});
