import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { IMPORTERS } from '#test/every-importer';
import { SHARED, sayWhatIsMissing } from '#test/shared-files';
import dcgmiDmon from './dcgmi-dmon/importer.ts';
import { refusalOf } from './known-but-not-read.ts';
import { isMarkdown } from './markdown.ts';
import nvidiaSmiDmon from './nvidia-smi-dmon/importer.ts';
import nvidiaSmiPmon from './nvidia-smi-pmon/importer.ts';
import nvidiaSmiTopo from './nvidia-smi-topo/importer.ts';
import { HEAD_CHARS, recognise } from './recognise.ts';
import vmstat from './vmstat/importer.ts';

const ALL = IMPORTERS.map(({ importer }) => importer);
const idOf = (head: string) => recognise(head, ALL)?.id;

/** Ways in which people quote what a tool wrote. */
const WAYS: Readonly<Record<string, (text: string) => string>> = {
  'in a fence, under a title': text => `# Node 7\n\nWhat it printed:\n\n\`\`\`text\n${text}\n\`\`\`\n`,
  'in a fence alone': text => `~~~\n${text}\n~~~\n`,
  'as a section, with nothing around it': text => `## Telemetry\n\n${text}\n`,
  'under a title, with nothing around it': text => `\n# Node 7, second run\n\n${text}\n`,
  'before a table': text => `${text}\n\n| GPU | W |\n|---|---:|\n| 0 | 412 |\n`,
  'before a section': text => `${text}\n\n### What it means\n\nThe clocks were low.\n`,
  'under a title, with the line ends of Windows': text => `# Node 7\r\n\r\n${text.replaceAll('\n', '\r\n')}`,
};

describe.each(Object.entries(WAYS))('%s', (_, quote) => {
  // The start of a file is enough to know it by, and leaves what follows it within the head.
  test.each(IMPORTERS)('$id is not taken for a file of its own', ({ text }) => {
    expect(idOf(quote(text.slice(0, HEAD_CHARS / 2)))).toBeUndefined();
  });
});

const SAMPLES = new Map(IMPORTERS.map(({ id, text }) => [id, text]));
const PROSE = 'This is what it printed on the second node:\n\n';
const indented = (text: string) => text.replaceAll(/^(?=.)/gm, '    ');

// Without a title nothing but the indentation tells.
test.each([dcgmiDmon, nvidiaSmiDmon, nvidiaSmiPmon, nvidiaSmiTopo, vmstat])('$id, quoted by indenting, is no file of its own', importer => {
  const text = SAMPLES.get(importer.id) ?? '';
  expect(importer.sniff(text)).toBe(true);
  expect(importer.sniff(PROSE + indented(text))).toBe(false);
});

describe('a comment that names a GPU is no table of dmon', () => {
  test.each(['# GPU telemetry\n', '# The gpu and its pid\nText follows.\n', '# gpu pwr\n# and more\n', '# gpu\n12 runs were made\n'])(
    '%j',
    text => {
      expect([nvidiaSmiDmon.sniff(text), nvidiaSmiPmon.sniff(text)]).toEqual([false, false]);
    },
  );
  test.each([
    ['units', '# gpu    pwr\n# Idx      W\n    0     72\n'],
    ['commas', '#Time, gpu, pwr\n#HH:MM:SS, Idx, W\n23:59:59, 0, 77\n'],
    ['no units', '#Time        gpu    pwr\n 01:48:26      0    412\n'],
    ['a message first', 'No MIG devices found.\n\n# gpu    pwr\n# Idx      W\n    0     72\n'],
  ])('with %s it is', (_, text) => expect(nvidiaSmiDmon.sniff(text)).toBe(true));
});

test('peers of GPUs (-p2p) are known, with their blank before each row', () =>
  expect(nvidiaSmiTopo.sniff(' \tGPU0\tGPU1\t\n GPU0\tX\tOK\t\n GPU1\tOK\tX\t\n')).toBe(true));

test('a log that is known but not read is not seen in Markdown either', () => {
  const log = '==============NVSMI LOG==============\n\nTimestamp : Sun Nov 22 01:48:07 2026\n';
  expect(refusalOf(log)).toMatchObject({ message: expect.stringMatching(/^the file is the plain text of nvidia-smi -q\./) });
  expect(refusalOf(`## Bandwidth\n\n${log}`)).toBeUndefined();
});

test.each([
  ['comments between columns', '# Time        UID       PID  Command\n\n# Time        UID       PID  Command\n'],
  ['comments of times', '# 2026-11-22T01:30:21Z\n\n# 2026-11-22T01:30:22Z\n'],
  [
    'comments that head the sections of a configuration',
    '# Format\n# FIELD, type, help\n\n# DCGM Exporter fields\n\n# Clocks\nA, gauge, b\n',
  ],
  ['comments of an exposition', '# HELP a A gauge.\n# TYPE a gauge\na 1\n# EOF\n'],
  ['the frame of a table of nvidia-smi', '+-----+-----+\n|-----+-----|\n| GPU | Fan |\n|=====+=====|\n'],
  ['blanks and dashes', `${'-'.repeat(50_000)}\n${'| '.repeat(20_000)}\n${'\n\r'.repeat(5000)}`],
])('%s are not Markdown', (_, text) => expect(isMarkdown(text)).toBe(false));

const DOCS = new URL('../../../docs/', import.meta.url);
test('our own documents, which quote most formats, are no telemetry', () => {
  const files = readdirSync(DOCS).filter(name => name.endsWith('.md'));
  expect(files.length).toBeGreaterThan(5);
  expect(files.filter(name => idOf(readFileSync(new URL(name, DOCS), 'utf8')) !== undefined)).toEqual([]);
});

const NOTES = join(SHARED, 'reference');
sayWhatIsMissing('that notes of other people are no telemetry was', NOTES);
test.skipIf(!existsSync(NOTES))('nor are notes of other people', () => {
  const files = readdirSync(NOTES).filter(name => name.endsWith('.md'));
  expect(files.length).toBeGreaterThan(0);
  expect(files.filter(name => idOf(readFileSync(join(NOTES, name), 'utf8')) !== undefined)).toEqual([]);
});
