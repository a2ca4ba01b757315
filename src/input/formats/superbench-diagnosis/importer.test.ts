import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import diagnosis from './importer.ts';

const SAMPLE = readFileSync(new URL('sample.jsonl', import.meta.url), 'utf8');
const parse = (text: string) => diagnosis.parse(text, 'diagnosis.jsonl');

test('each node that SuperBench found defective is a failed check, with its reasons', () => {
  const { rows } = parse(SAMPLE);
  expect(rows.map(r => [r.what, r.test, r.from, r.passed])).toEqual([
    ['check', 'KernelLaunch', 'node-00', false],
    ['check', 'FailedTest', 'node-03', false],
  ]);
  expect(rows[0]?.detail).toContain('VAR: 1577.85%');
});

test('nodes are in the order of their names, whatever that of the file', () =>
  expect(parse(SAMPLE.trimEnd().split('\n').reverse().join('\n')).rows).toEqual(parse(SAMPLE).rows));

test('a line without its reasons is refused with file and line', () =>
  expect(() => parse(SAMPLE.replace('"Defective Details": "mem', '"Details": "mem'))).toThrow(/diagnosis\.jsonl.*2/));
