import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import psiLog from './importer.ts';

/** The layout of a real file with invented totals. */
const SAMPLE = readFileSync(new URL('sample.log', import.meta.url), 'utf8');
const parse = (text: string) => psiLog.parse(text, 'p.log');

test('the totals of some are read, as they stand', () => {
  const series = parse(SAMPLE);
  expect(series).toMatchObject({ kind: 'host', clock: { kind: 'epoch' }, warnings: [] });
  expect(series.origin_ns).toBe(BigInt(Date.UTC(2026, 10, 22, 1, 30, 21)) * 1_000_000n + 836_948_172n);
  expect(series.rows.map(row => [row.t_ms, row.psi_cpu_some_us, row.psi_mem_some_us, row.psi_io_some_us, row.cpu_idle_ticks])).toEqual([
    [0, 60589730, 12, 9974986, null],
    [1000, 60595919, 12, 9975610, null],
  ]);
});

test('what head prints of the files is understood', () => {
  const text = '# 1795311826.5\n==> /proc/pressure/io <==\nsome avg10=0.58 avg60=0.75 avg300=0.73 total=7\n';
  expect(psiLog.sniff(text)).toBe(true);
  expect(parse(text).rows[0]).toMatchObject({ psi_io_some_us: 7, psi_cpu_some_us: null });
});

test.each([
  ['no times', SAMPLE.replaceAll(/^#.*\n/gm, ''), 'p.log, line 1: the samples carry no times, so none can be placed.'],
  ['nobody', SAMPLE.replaceAll(/^(?:cpu|memory|io) /gm, ''), 'p.log, line 2: nothing says whose pressure this is.'],
  ['another line', `${SAMPLE}load 3\n`, 'p.log, line 15: "load 3" is no line of /proc/pressure.'],
  ['a time that is none', SAMPLE.replace('# 2026-11-22T01:30:21.836948172Z', '# noon'), 'p.log, line 1: "# noon" is not a time.'],
])('%s: refused', (_, text, sentence) => expect(() => parse(text)).toThrow(sentence));
