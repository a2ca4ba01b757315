import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { evidenceCell, evidenceHead } from './evidence-cells.ts';

const EVIDENCE = resolve(import.meta.dirname, '../../../queries/evidence');

test('times stand on the session’s clock, lengths in ms or µs, sizes in binary units', () => {
  expect(evidenceCell('start_ns', 7_754_993_276)).toBe('7.754993 s');
  expect(evidenceCell('dur_ns', 306_495_692)).toBe('306 ms');
  expect(evidenceCell('median_inside_ns', 4_120)).toBe('4.12 µs');
  expect(evidenceCell('bytes', 268_435_456)).toBe('256 MiB');
  expect(evidenceCell('thread_id', 118_204)).toBe('118204');
  expect(evidenceCell('operations', 118_204)).toBe('118,204');
  expect(evidenceCell('name', null)).toBe('–');
});

test('heads are words, without the unit that each value carries', () => {
  expect(['median_outside_ns', 'memory_bytes', 'pid', 'dur_ns', 'runs_inside'].map(evidenceHead)).toEqual([
    'Median outside',
    'Memory',
    'Process',
    'Length',
    'Runs inside',
  ]);
});

test('every column in ns of every query is told apart as a moment or a length, as its documentation says', () => {
  const columns = readdirSync(EVIDENCE)
    .filter(f => f.endsWith('.sql'))
    .flatMap(f => [...readFileSync(join(EVIDENCE, f), 'utf8').matchAll(/^-- @column\s+(\w+_ns)\s+\S+\s+(.+)$/gm)]);
  expect(columns.length).toBeGreaterThan(20);
  for (const [, name = '', meaning = ''] of columns) {
    const isMoment = /^(Start\b|When |Moment|End of)/.test(meaning);
    expect([name, meaning, evidenceCell(name, 5_000_000_000)]).toEqual([name, meaning, isMoment ? '5.000000 s' : '5,000 ms']);
  }
});
