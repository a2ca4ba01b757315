import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import pidstat from './importer.ts';

/** The layout of pidstat -udrh with invented values. */
const SAMPLE = readFileSync(new URL('sample.txt', import.meta.url), 'utf8');
const parse = (text: string) => pidstat.parse(text, 'p.txt');
const of = (text: string, metric: string) =>
  parse(text)
    .rows.filter(row => row.metric === metric)
    .map(({ metric: _, ...row }) => row);

test('each process has samples of its own; the date is that of the first line', () => {
  const series = parse(SAMPLE);
  expect(series).toMatchObject({ kind: 'samples', clock: { kind: 'zoneless', uncertainty_ms: 1000 }, warnings: [] });
  expect(series.origin_ns).toBe(BigInt(Date.UTC(2026, 10, 22, 1, 30, 22)) * 1_000_000n);
  expect(of(SAMPLE, '%CPU')).toEqual([
    { t_ms: 0, entity: 'pid 1 (init)', unit: '%', value: 1, nature: 'average', window_ms: null },
    { t_ms: 0, entity: 'pid 16390 (python3)', unit: '%', value: 100, nature: 'average', window_ms: null },
    { t_ms: 1000, entity: 'pid 16390 (python3)', unit: '%', value: 52, nature: 'average', window_ms: 1000 },
  ]);
  expect(of(SAMPLE, 'RSS')[1]).toEqual({
    t_ms: 0,
    entity: 'pid 16390 (python3)',
    unit: 'KiB',
    value: 308000,
    nature: 'gauge',
    window_ms: null,
  });
});

test('what pidstat may not see is missing, not minus one', () => {
  expect(of(SAMPLE, 'kB_wr/s').map(row => [row.entity, row.value])).toEqual([
    ['pid 16390 (python3)', 1024],
    ['pid 16390 (python3)', 0],
  ]);
});

test('the layout without -h, over midnight, with the arguments of -l', () => {
  const text = [
    'Linux 6.18.0 (machine) \t2026-11-22 \t_x86_64_\t(2 CPU)',
    '',
    '11:59:58 PM   UID       PID    %usr %system  %guest   %wait    %CPU   CPU  Command',
    '11:59:59 PM  1000      4711   10.00    0.00    0.00    0.00   10.00     0  /usr/bin/python3 serve.py --key secret',
    '',
    '11:59:59 PM   UID       PID    %usr %system  %guest   %wait    %CPU   CPU  Command',
    '12:00:01 AM  1000      4711   20.00    0.00    0.00    0.00   20.00     0  /usr/bin/python3 serve.py --key secret',
    'Average:     1000      4711   15.00    0.00    0.00    0.00   15.00     -  /usr/bin/python3 serve.py --key secret',
    '',
  ].join('\n');
  expect(of(text, '%usr').map(row => [row.t_ms, row.entity, row.value, row.window_ms])).toEqual([
    [0, 'pid 4711 (python3)', 10, null],
    [2000, 'pid 4711 (python3)', 20, 2000],
  ]);
});

test('seconds since 1970 (-H) are a known time, and times without a date are none', () => {
  expect(parse(SAMPLE.replaceAll('01:30:2', '179531102'))).toMatchObject({ clock: { kind: 'epoch', uncertainty_ms: 1000 } });
  expect(parse(SAMPLE.replace(/^Linux.*\n/, ''))).toMatchObject({ clock: { kind: 'relative' } });
});

test.each([
  ['a word', SAMPLE.replace('97.00', 'much'), 'p.txt, line 5, field %usr: "much" is not an amount.'],
  ['a field too few', SAMPLE.replace('97.00', ''), 'p.txt, line 5: the line does not have the 19 fields that its header names.'],
  ['headers alone', SAMPLE.split('\n').slice(0, 3).join('\n'), 'p.txt: the file holds nothing that can be used.'],
])('%s: refused', (_, text, sentence) => expect(() => parse(text)).toThrow(sentence));

test('a kernel thread keeps its name with its slashes, a command of -l loses its folders', () => {
  const named = (command: string) => parse(SAMPLE.replaceAll('python3', command)).rows.at(-1)?.entity;
  expect(['ksoftirqd/0', 'kworker/0:0H', 'irq/16-vmwgfx', '/usr/bin/node', './serve', '|__ollama'].map(named)).toEqual([
    'pid 16390 (ksoftirqd/0)',
    'pid 16390 (kworker/0:0H)',
    'pid 16390 (irq/16-vmwgfx)',
    'pid 16390 (node)',
    'pid 16390 (serve)',
    'pid 16390 (ollama)',
  ]);
});
