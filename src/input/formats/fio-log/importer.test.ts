import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import fioLog from './importer.ts';

const SAMPLE = readFileSync(new URL('sample.log', import.meta.url), 'utf8');
const parse = (text: string, name = 'fl_clat.1.log') => fioLog.parse(text, name);

test('averages become samples of reads and writes on a relative clock', () => {
  const series = parse(SAMPLE);
  expect(series).toMatchObject({ clock: { kind: 'relative' }, origin_ns: 0n, warnings: [] });
  expect(series.rows[0]).toEqual({
    t_ms: 500,
    entity: 'fio read',
    metric: 'latency',
    unit: 'ns',
    value: 519_939,
    nature: 'average',
    window_ms: 500,
  });
  expect(series.rows.filter(row => row.entity === 'fio write').map(row => row.value)).toEqual([81_000, 80_500]);
  expect(series.limits.join(' ')).toContain('the slowest accesses are not seen');
});

test('single accesses have a size, and are no averages; older logs have four columns', () => {
  expect(parse('7, 5000, 1, 4096\n').rows[0]).toMatchObject({ t_ms: 7, value: 5000, nature: 'gauge', window_ms: null });
});

test('with log_unix_epoch the clock is the epoch', () => {
  expect(parse('1795311036152, 5000, 0, 4096, 0\n1795311036160, 5000, 0, 4096, 0\n')).toMatchObject({
    clock: { kind: 'epoch', uncertainty_ms: 1 },
    origin_ns: 1_795_311_036_152_000_000n,
    rows: [{ t_ms: 0 }, { t_ms: 8 }],
  });
});

describe('refusals', () => {
  test('a log of bandwidth, as fio names it', () => {
    expect(() => parse(SAMPLE, '/runs/fl_bw.1.log')).toThrow('it is named as a log of bandwidth, not of latency.');
  });
  test.each([
    [SAMPLE.replace('1000, 80500, 1', '1000, 80500, 7'), 'fl_clat.1.log, line 4: "1000, 80500, 7, 0, 0" is not a row of'],
    ['', 'fl_clat.1.log: the log is empty.'],
  ])('%#', (text, message) => expect(() => parse(text)).toThrow(message));
});
