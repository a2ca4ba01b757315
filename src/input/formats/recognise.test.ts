import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { defineImporter } from './define.ts';
import hostCsv from './host-csv/importer.ts';
import { importers as all } from './index.gen.ts';
import nativeRequests from './native-requests/importer.ts';
import nvidiaSmiCsv from './nvidia-smi-csv/importer.ts';
import { HEAD_CHARS, recognise } from './recognise.ts';

const importers = [nativeRequests, nvidiaSmiCsv, hostCsv];
const GARBAGE = [
  '',
  '\n\n',
  '{}',
  '[]',
  'null',
  'a,b,c\n1,2,3\n',
  '<?xml version="1.0"?>',
  'SQLite format 3\0',
  '\0'.repeat(100),
  '{"arrival_ns": 1}',
];

test.each(GARBAGE)('nothing recognises %j', head => {
  expect(recognise(head, importers)).toBeUndefined();
});

test('nothing is recognised where there are no importers', () => {
  expect(recognise('{}', [])).toBeUndefined();
});

test('of two that claim a file the more specific wins, and a tie is refused', () => {
  const general = { ...hostCsv, sniff: () => true };
  const special = defineImporter({ ...nvidiaSmiCsv, sniff: () => true, specificity: 1 });
  expect(recognise('x', [general, special])?.id).toBe('nvidia-smi-csv');
  expect(() => recognise('x', [general, { ...special, specificity: 0 }])).toThrow(
    'its format may be host-csv or nvidia-smi-csv, and nothing tells which',
  );
});

test('only the head of a file decides', () => {
  expect(
    recognise(`${' '.repeat(HEAD_CHARS)}\n${readFileSync(new URL('host-csv/sample.csv', import.meta.url), 'utf8')}`, importers),
  ).toBeUndefined();
});

describe('the inputs among the fixtures', () => {
  const FIXTURES = new URL('../../../fixtures/', import.meta.url);
  const FORMATS = { 'requests.jsonl': 'native-requests', 'gpu.csv': 'nvidia-smi-csv', 'host.csv': 'host-csv' };
  const files = readdirSync(FIXTURES, { recursive: true, encoding: 'utf8' });

  test.each(Object.entries(FORMATS))('%s is known by one importer alone', (name, id) => {
    const found = files.filter(file => file.split(/[/\\]/).at(-1) === name);
    expect(found.length).toBeGreaterThan(10);
    const known = found.map(file => {
      const head = readFileSync(new URL(file, FIXTURES), 'utf8').slice(0, HEAD_CHARS);
      return { file, by: all.filter(importer => importer.sniff(head)).map(importer => importer.id) };
    });
    expect(known).toEqual(found.map(file => ({ file, by: [id] })));
  });
});
