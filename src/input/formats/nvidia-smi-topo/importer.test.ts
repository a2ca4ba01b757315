import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import nvidiaSmiTopo from './importer.ts';

/** The layout of a real file with invented links. */
const SAMPLE = readFileSync(new URL('sample.txt', import.meta.url), 'utf8');
const parse = (text: string) => nvidiaSmiTopo.parse(text, 't.txt');
const facts = (text: string) => parse(text).rows.map(row => `${row.entity} ${row.name} ${row.value}`);

describe('values', () => {
  test('each pair is told once, and the legend is no link', () => {
    expect(facts(SAMPLE)).toEqual([
      'GPU 0-GPU 1 link NV18',
      'GPU 0-GPU 1 nvlinks 18',
      'GPU 0-GPU 2 link SYS',
      'GPU 0-NIC 0 link PIX',
      'GPU 0 cpu_affinity 0-31,64-95',
      'GPU 0 numa_affinity 0',
      'GPU 1-GPU 2 link PHB',
      'GPU 1-NIC 0 link NODE',
      'GPU 1 cpu_affinity 0-31,64-95',
      'GPU 1 numa_affinity 0',
      'GPU 2-NIC 0 link PXB',
      'GPU 2 cpu_affinity 32-63',
      'GPU 2 numa_affinity 1',
    ]);
    expect(parse(SAMPLE)).toMatchObject({ clock: { kind: 'none' }, warnings: [] });
  });

  test('a copy from a terminal, with spaces for tabs, is the same', () => {
    expect(facts(SAMPLE.replaceAll('\t', '        '))).toEqual(facts(SAMPLE));
  });

  test('a second table tells of peers', () => {
    expect(facts(' \tGPU0\tGPU1\t\n GPU0\tX\tOK\t\n GPU1\tOK\tX\t\n')).toEqual(['GPU 0-GPU 1 peer_to_peer OK']);
  });

  test('cells that lost their tab are parted by what links are called, with a warning', () => {
    const glued = SAMPLE.replace('SYS\tPIX', 'SYSPIX').replace('NIC0\tCPU Affinity', 'NIC0CPU Affinity');
    expect(glued).not.toBe(SAMPLE);
    expect(facts(glued)).toEqual(facts(SAMPLE));
    expect(parse(glued).warnings).toEqual(['Line 2: a tab is lost between two cells; they were parted by what links are called.']);
  });

  test('directions that differ are warned of', () => {
    expect(parse(SAMPLE.replace('GPU1\tNV18', 'GPU1\tNV12')).warnings[0]).toMatch(/^2 lines, the first of them line 3: the two directions/);
  });
});

test.each([
  ['a row that is short', 'GPU0\tGPU1\nGPU0\tX\n', 't.txt, line 2: the row of GPU0 has 1 of the 2 links that the header names.'],
  ['a word that is no link', SAMPLE.replace('SYS', 'FAST'), 't.txt, line 2, field GPU2: "FAST" is no link that nvidia-smi knows.'],
  ['no row', '\tGPU0\tGPU1\n', 't.txt: the file holds nothing that can be used.'],
])('%s is refused', (_, text, sentence) => expect(() => parse(text)).toThrow(sentence));
