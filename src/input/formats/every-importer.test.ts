import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AnySeries } from '#schema/relation';
import { attempt, COUNTING, IMPORTERS, KINDS } from '#test/every-importer';
import { runs, THOROUGH } from '#test/thorough';
import { HEAD_CHARS, recognise } from './recognise.ts';

/** A file is cut at each byte where it is short, and at this many places where it is not. */
const MOST_CUTS = THOROUGH ? 300 : 30;

test('there are importers for each kind of series', () => {
  expect(new Set(IMPORTERS.map(({ importer }) => importer.kind))).toEqual(new Set(KINDS));
});

type Row = AnySeries['rows'] extends Iterable<infer Each> ? Each : never;
/** What tells a row from the others of its file. */
const keyOf = (row: Row): string => {
  if ('id' in row) return row.id;
  if ('metric' in row) return `${row.t_ms} ${row.entity} ${row.metric}`;
  if ('name' in row && 'entity' in row) return `${row.entity} ${row.name}`;
  if ('test' in row) return [row.what, row.test, row.from, row.to, row.bytes, row.precision, row.both_ways, row.passed === null].join(' ');
  if ('windows' in row) return row.label ?? 'run';
  return 'gpu' in row ? `${row.t_ms} ${row.gpu}` : `${row.t_ms}`;
};
/** The fields of a row that are known, each as text. */
const fieldsOf = (row: Row): string[] =>
  Object.entries(row).flatMap(([field, value]) => (value === null ? [] : [`${field}: ${JSON.stringify(value)}`]));

const NUMBER = /^value: (\d+(?:\.\d+)?)$/;
const isLess = (id: string, field: string, known: ReadonlySet<string> | undefined): boolean => {
  const whole = [...(known ?? [])].map(f => NUMBER.exec(f)?.[1]).find(n => n !== undefined);
  const part = NUMBER.exec(field)?.[1];
  return COUNTING.has(id) && whole !== undefined && part !== undefined && Number(part) < Number(whole);
};

describe.each(IMPORTERS)('$id', ({ id, importer, bytes, text, lines, shape }) => {
  test('its own sample is recognised as its own and as nothing else', () => {
    expect(importer.id).toBe(id);
    const all = IMPORTERS.map(other => other.importer);
    for (const head of [text, text.slice(0, HEAD_CHARS), `\ufeff${text}`, text.replaceAll('\n', '\r\n'), text.slice(0, -10)]) {
      expect(all.filter(other => other.sniff(head)).map(other => other.id)).toEqual([id]);
      expect(recognise(head, all)).toBe(importer);
    }
  });

  test('a file cut off at any byte says nothing that the whole file does not say', () => {
    const truth = new Map<string, Set<string>>();
    for (const row of attempt(importer, text)?.rows ?? []) truth.set(keyOf(row), new Set(fieldsOf(row)));
    const untrue: unknown[] = [];
    const step = Math.ceil(bytes.length / MOST_CUTS);
    for (let end = 0; end < bytes.length; end += step) {
      const cut = attempt(importer, bytes.subarray(0, end).toString());
      // A summary is worked out of all that is there: of part of a file it may differ, and must say that the file is not whole.
      if (cut?.kind === 'summary' && cut.warnings.length > 0) continue;
      for (const row of cut?.rows ?? []) {
        const known = truth.get(keyOf(row));
        for (const field of fieldsOf(row)) if (known?.has(field) !== true && !isLess(id, field, known)) untrue.push({ end, field });
      }
    }
    expect(untrue).toEqual([]);
  });

  test.skipIf(shape === 'document')('lines in any order give the same rows', () => {
    const headed = shape === 'table';
    const body = headed ? lines.slice(1) : lines;
    const expected = [...attempt(importer, text)!.rows];
    fc.assert(
      fc.property(fc.shuffledSubarray(body, { minLength: body.length }), shuffled => {
        const again = attempt(importer, `${[...(headed ? lines.slice(0, 1) : []), ...shuffled].join('\n')}\n`);
        expect([...again!.rows]).toEqual(expected);
      }),
      runs(15),
    );
  });

  test('a file in pieces is the same file', () => {
    const expected = importer.parse(text, 'file');
    for (const size of [7, 1000]) expect(importer.parse(text.match(new RegExp(`[^]{1,${size}}`, 'g'))!, 'file')).toEqual(expected);
  });

  test('the same file gives the same series, and CRLF, blank lines and a byte order mark change nothing', () => {
    const expected = importer.parse(text, 'file');
    const blanks = shape === 'document' ? '' : '\n\n';
    const spread = shape === 'document' ? '\r\n' : '\r\n\r\n';
    expect(importer.parse(`\ufeff${blanks}${text.replaceAll('\n', spread)}`, 'file')).toEqual(expected);
  });

  test.skipIf(shape === 'document')('a line of more than 16 Mi characters is refused', () => {
    expect(() => importer.parse(`${lines[0]}\n${'x'.repeat(17 * 1024 * 1024)}`, 'file')).toThrow(
      'file, line 2: the line is 17825792 characters long.',
    );
  });
});
