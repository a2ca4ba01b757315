import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import nvidiaSmiPmon from './importer.ts';

/** The layout of pmon -s um -o DT with invented values. */
const SAMPLE = readFileSync(new URL('sample.txt', import.meta.url), 'utf8');
const parse = (text: string) => nvidiaSmiPmon.parse(text, 'p.txt');

test('each process has samples of its own, and dashes have none', () => {
  const series = parse(SAMPLE);
  expect(series).toMatchObject({ kind: 'samples', clock: { kind: 'zoneless', uncertainty_ms: 1000 }, warnings: [] });
  expect(series.rows.map(row => `${row.t_ms} ${row.entity}: ${row.metric} ${row.value} ${row.unit} ${row.nature}`)).toEqual([
    '0 GPU 0 pid 3485 (python): sm 97 % average',
    '0 GPU 0 pid 3485 (python): mem 45 % average',
    '0 GPU 0 pid 3485 (python): fb 70211 MiB gauge',
    '0 GPU 0 pid 4711 (a tool with blanks): sm 2 % average',
    '0 GPU 0 pid 4711 (a tool with blanks): mem 1 % average',
    '0 GPU 0 pid 4711 (a tool with blanks): fb 310 MiB gauge',
    '1000 GPU 0 pid 3485 (python): sm 99 % average',
    '1000 GPU 0 pid 3485 (python): mem 50 % average',
    '1000 GPU 0 pid 3485 (python): fb 70211 MiB gauge',
  ]);
});

test.each([
  ['no times', '# gpu pid type sm command\n# Idx # C/G % name\n 0 7 C 5 python\n', 'p.txt, line 3: the samples carry no times'],
  [
    'no process',
    SAMPLE.split('\n')
      .filter(line => !/\bC/.test(line) || line.startsWith('#'))
      .join('\n'),
    'holds nothing that can be used',
  ],
  ['a pid that is none', SAMPLE.replace('4711', 'none'), 'p.txt, line 4, field pid: "none" is not a process.'],
])('%s: refused', (_, text, sentence) => expect(() => parse(text)).toThrow(sentence));
