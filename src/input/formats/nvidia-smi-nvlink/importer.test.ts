import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import nvidiaSmiNvlink from './importer.ts';

/** The layout of a real file with invented speeds. */
const SAMPLE = readFileSync(new URL('sample.txt', import.meta.url), 'utf8');
const parse = (text: string) => nvidiaSmiNvlink.parse(text, 'n.txt');
const facts = (text: string) => parse(text).rows.map(row => `${row.entity}: ${row.name} ${row.value} ${row.unit}`.trim());

test('links, and GPUs without any', () => {
  expect(facts(SAMPLE)).toEqual([
    'GPU 0: product_name NVIDIA H100 80GB HBM3',
    'GPU 0 link 0: active true',
    'GPU 0 link 0: speed 26.562 GB/s',
    'GPU 0 link 1: active true',
    'GPU 0 link 1: speed 26.562 GB/s',
    'GPU 0 link 2: active false',
    'GPU 1: product_name NVIDIA H100 80GB HBM3',
    'GPU 1 link 0: active true',
    'GPU 1 link 0: speed 26.562 GB/s',
    'GPU 1 link 1: active true',
    'GPU 1 link 1: speed 13.281 GB/s',
    'GPU 1 link 2: active true',
    'GPU 1 link 2: speed 26.562 GB/s',
    'GPU 2: product_name NVIDIA H100 PCIe',
    'GPU 2: any_nvlink_active false',
  ]);
  expect(parse(SAMPLE)).toMatchObject({ kind: 'facts', clock: { kind: 'none' }, warnings: [] });
  expect(JSON.stringify(parse(SAMPLE).rows)).not.toContain('GPU-0000');
});

test('a GPU without NVLink, and one in MIG mode that may not be asked, are facts', () => {
  const gpu = 'GPU 0: NVIDIA L40S (UUID: GPU-0)\n';
  const none = `${gpu}Device does not have or support Nvlink\n`;
  const hidden = `${gpu}Nvlink queries are not supported for Devices in MIG mode\n`;
  expect([none, hidden].every(text => nvidiaSmiNvlink.sniff(text))).toBe(true);
  expect([...facts(none), ...facts(hidden)]).toEqual([
    'GPU 0: product_name NVIDIA L40S',
    'GPU 0: has_nvlink false',
    'GPU 0: product_name NVIDIA L40S',
    'GPU 0: nvlink_hidden_by_mig true',
  ]);
  expect(facts(SAMPLE.replaceAll('Link 0', '\u001b[4mLink 0\u001b[0m'))).toEqual(facts(SAMPLE));
});

test('counters of errors', () => {
  const text = 'GPU 0: A (UUID: GPU-0)\n\t Link 3: Replay Errors: 7\n\t Link 3: CRC Errors: 0\n';
  expect(facts(text).slice(1)).toEqual(['GPU 0 link 3: replay_errors 7', 'GPU 0 link 3: crc_errors 0']);
});

test.each([
  ['a link of no GPU', ' Link 0: 25 GB/s\n', 'n.txt, line 1: a link stands before the first GPU.'],
  ['a state that is none', SAMPLE.replace('13.281 GB/s', 'slow'), 'n.txt, line 7: "Link 1: slow" is no state of a link.'],
  ['an empty file', '', 'n.txt: the file holds nothing that can be used.'],
])('%s is refused', (_, text, sentence) => expect(() => parse(text)).toThrow(sentence));

test('a last line without a line break counts where it is clearly whole', () => {
  const speeds = SAMPLE.slice(0, SAMPLE.indexOf('GPU 2:')).trimEnd();
  expect(facts(speeds).at(-1)).toBe('GPU 1 link 2: speed 26.562 GB/s');
  expect(facts(speeds.slice(0, -2)).at(-1)).toBe('GPU 1 link 1: speed 13.281 GB/s');
});
