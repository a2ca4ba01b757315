import { readdirSync, readFileSync } from 'node:fs';
import { extname } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { ForensicsError } from '#model/errors';
import { type AnySeries, Clock, FactRow, GpuSampleRow, HostSampleRow, RequestRow, RunSummary, SampleRow } from '#model/relation';
import type { Importer } from './define.ts';
import { HEAD_CHARS, recognise } from './recognise.ts';

/** Read from the folders themselves, so that a new importer meets these tests by being there. */
const ROOM = new URL('./', import.meta.url);
/** How a format is put together: rows under a header, one record a line, or one document (a file cut in two is no file). */
type Shape = 'table' | 'lines' | 'document';
const SHAPES: Readonly<Record<string, Shape>> = { '.csv': 'table', '.jsonl': 'lines' };
const CASES = await Promise.all(
  readdirSync(ROOM, { withFileTypes: true })
    .filter(entry => entry.isDirectory())
    .map(async ({ name }) => {
      const folder = new URL(`${name}/`, ROOM);
      const sample = readdirSync(folder).find(file => file.startsWith('sample.')) ?? 'sample is missing';
      const module = (await import(/* @vite-ignore */ new URL('importer.ts', folder).href)) as { default: Importer };
      const whole = readFileSync(new URL(sample, folder));
      return { id: name, importer: module.default, whole, shape: SHAPES[extname(sample)] ?? 'document' };
    }),
);
const ROW = {
  requests: RequestRow,
  gpu: GpuSampleRow,
  host: HostSampleRow,
  samples: SampleRow,
  summary: RunSummary,
  facts: FactRow,
};
/** A file is cut at each byte where it is short, and at this many places where it is not. */
const MOST_CUTS = 300;

test('there are importers for each kind of series', () => {
  expect(new Set(CASES.map(({ importer }) => importer.kind))).toEqual(new Set(Object.keys(ROW)));
});

type Row = AnySeries['rows'][number];
/** What tells a row from the others of its file. */
const keyOf = (row: Row): string => {
  if ('id' in row) return row.id;
  if ('metric' in row) return `${row.t_ms} ${row.entity} ${row.metric}`;
  if ('name' in row && 'entity' in row) return `${row.entity} ${row.name}`;
  if ('windows' in row) return row.label ?? 'run';
  return 'gpu' in row ? `${row.t_ms} ${row.gpu}` : `${row.t_ms}`;
};

describe.each(CASES)('$id', ({ id, importer, whole, shape }) => {
  const text = whole.toString();
  const lines = text.trimEnd().split('\n');

  const attempt = (changed: string): AnySeries | undefined => {
    try {
      importer.sniff(changed);
      const series: AnySeries = importer.parse(changed, 'file');
      expect(series.rows.length).toBeGreaterThan(0);
      z.array(ROW[series.kind]).parse(series.rows);
      Clock.parse(series.clock);
      return series;
    } catch (error) {
      if (!(error instanceof ForensicsError)) throw error;
      expect(['bad-record', 'unknown-format', 'not-readable']).toContain(error.code);
      expect(error.message).toMatch(/^file\b.*\.$/s);
      expect(error.hint).not.toBe('');
      return undefined;
    }
  };

  test('its own sample is recognised as its own and as nothing else', () => {
    expect(importer.id).toBe(id);
    const all = CASES.map(other => other.importer);
    for (const head of [text, text.slice(0, HEAD_CHARS), `\ufeff${text}`, text.replaceAll('\n', '\r\n'), text.slice(0, -10)]) {
      expect(all.filter(other => other.sniff(head)).map(other => other.id)).toEqual([id]);
      expect(recognise(head, all)).toBe(importer);
    }
  });

  /** Whatever is done to a good file, it is read into valid rows or refused in a sentence; nothing else may happen. */
  test('a file cut off at any byte says nothing that the whole file does not say', () => {
    const truth = new Map((attempt(text)?.rows ?? []).map(row => [keyOf(row), row]));
    const untrue: unknown[] = [];
    const step = Math.ceil(whole.length / MOST_CUTS);
    for (let bytes = 0; bytes < whole.length; bytes += step) {
      const cut = attempt(whole.subarray(0, bytes).toString());
      // A summary is worked out of all that is there: of part of a file it may differ, and must say that the file is not whole.
      if (cut?.kind === 'summary' && cut.warnings.length > 0) continue;
      for (const row of cut?.rows ?? []) {
        const known = truth.get(keyOf(row));
        for (const [field, value] of Object.entries(row)) {
          if (value !== null && JSON.stringify(value) !== JSON.stringify(known?.[field as keyof Row])) untrue.push({ bytes, field, value });
        }
      }
    }
    expect(untrue).toEqual([]);
  });

  test.skipIf(shape === 'document')('lines in any order give the same rows', () => {
    const headed = shape === 'table';
    const body = headed ? lines.slice(1) : lines;
    const expected = attempt(text)?.rows;
    fc.assert(
      fc.property(fc.shuffledSubarray(body, { minLength: body.length }), shuffled => {
        expect(attempt(`${[...(headed ? lines.slice(0, 1) : []), ...shuffled].join('\n')}\n`)?.rows).toEqual(expected);
      }),
      { numRuns: 15 },
    );
  });

  test('lines shuffled, lost or doubled, header included, do no harm', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...lines), { maxLength: 30 }), chosen => void attempt(chosen.join('\n'))),
      { numRuns: 50 },
    );
  });

  test('a field lost from any line, or from all lines, does no harm', () => {
    const separator = shape === 'table' ? ',' : shape === 'lines' ? ', "' : / |,/;
    const joint = typeof separator === 'string' ? separator : ' ';
    const some = lines.length > 100 ? lines.filter((_, i) => i % Math.ceil(lines.length / 100) === 0) : lines;
    const width = (lines[0] ?? '').split(separator).length;
    const without = (line: string, at: number) => line.split(separator).toSpliced(at, 1).join(joint);
    for (let at = 0; at < width; at += 1) {
      attempt(`${lines.map(line => without(line, at)).join('\n')}\n`);
      for (const one of some) attempt(`${lines.map(line => (line === one ? without(line, at) : line)).join('\n')}\n`);
    }
  });

  test('text put in anywhere does no harm', () => {
    const odd = fc.constantFrom(
      '"',
      '\\',
      '{',
      '}',
      '[',
      ',',
      '\n',
      '\r',
      '\0',
      '-',
      '0',
      '9e999',
      'NaN',
      'null',
      '[N/A]',
      '\ud800',
      '__proto__',
      'kW',
      ' ',
    );
    const piece = fc.oneof(
      fc.string({ maxLength: 8 }),
      odd,
      fc.array(odd, { maxLength: 5 }).map(parts => parts.join('')),
    );
    fc.assert(
      fc.property(fc.nat(text.length), fc.nat(20), piece, (at, lost, put) => void attempt(text.slice(0, at) + put + text.slice(at + lost))),
      { numRuns: 150 },
    );
  });

  test('numbers of any size do no harm', () => {
    fc.assert(
      fc.property(fc.nat(), fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), (which, number) => {
        const numbers = [...text.matchAll(/\d+/g)];
        const { index = 0, 0: old = '' } = numbers[which % numbers.length] ?? {};
        attempt(text.slice(0, index) + number + text.slice(index + old.length));
      }),
      { numRuns: 100 },
    );
  });

  test('garbage does no harm', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), garbage => void attempt(garbage)),
      { numRuns: 100 },
    );
    for (const huge of ['{"id":"', '"', '[', ',', '\\', '\n', '{"a":', ' ', '0', '\r'].map(part => part.repeat(100_000))) {
      attempt(huge);
      attempt(`${lines[0]}\n${huge}`);
      attempt(`${lines[0]}\n${huge}\n`);
    }
  });

  test.skipIf(shape === 'document')('a line of more than 16 Mi characters is refused', () => {
    expect(() => importer.parse(`${lines[0]}\n${'x'.repeat(17 * 1024 * 1024)}`, 'file')).toThrow(
      'file, line 2: the line is 17825792 characters long.',
    );
  });

  test('a file in pieces is the same file', () => {
    const expected = importer.parse(text, 'file');
    for (const size of [7, 1000]) expect(importer.parse(text.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? [], 'file')).toEqual(expected);
  });

  test('the same file gives the same series, and CRLF, blank lines and a byte order mark change nothing', () => {
    const expected = importer.parse(text, 'file');
    const blanks = shape === 'document' ? '' : '\n\n';
    const spread = shape === 'document' ? '\r\n' : '\r\n\r\n';
    expect(importer.parse(`\ufeff${blanks}${text.replaceAll('\n', spread)}`, 'file')).toEqual(expected);
  });
});
