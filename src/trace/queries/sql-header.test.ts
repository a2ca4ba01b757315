import { describe, expect, test } from 'vitest';
import { parseSqlHeader } from './sql-header.ts';

const parse = (...lines: string[]) => parseSqlHeader('queries/x.sql', `${lines.map(l => `-- ${l}`).join('\n')}\nSELECT 1 -- @nonsense\n`);
const withColumn = (...lines: string[]) => parse('Summary.', ...lines, '@column  a  integer  A.');

describe('a query header', () => {
  test('gives the summary, the paragraphs after it, and typed columns', () => {
    expect(
      parse('What it answers.', '', 'Why so.', '', '@column  dur_ns  integer   Length.', '@column  name    text?     Name, if any.'),
    ).toEqual({
      summary: 'What it answers.',
      doc: 'Why so.',
      from: [],
      reads: [],
      params: [],
      columns: [
        { name: 'dur_ns', type: 'integer', nullable: false, doc: 'Length.' },
        { name: 'name', type: 'text', nullable: true, doc: 'Name, if any.' },
      ],
    });
  });

  test('marks vendor tables and columns that may be missing, over continuation lines', () => {
    expect(withColumn('@from    KERNELS?: start, "end",', '         graphNodeId?', '@from    StringIds: id').from).toEqual([
      {
        table: 'KERNELS',
        optional: true,
        columns: [
          { name: 'start', optional: false },
          { name: 'end', optional: false },
          { name: 'graphNodeId', optional: true },
        ],
      },
      { table: 'StringIds', optional: false, columns: [{ name: 'id', optional: false }] },
    ]);
  });

  test('marks relations that may be empty', () => {
    expect(withColumn('@reads   kernel, memcpy?').reads).toEqual([
      { relation: 'kernel', optional: false },
      { relation: 'memcpy', optional: true },
    ]);
  });

  test('gives each parameter a default of its type', () => {
    expect(
      withColumn('@param  a integer = -5  A.', '@param  b real = 0.5  B.', "@param  c text = ''  C.", "@param  d text = 'x y'  D.").params,
    ).toEqual([
      { name: 'a', type: 'integer', default: -5, doc: 'A.' },
      { name: 'b', type: 'real', default: 0.5, doc: 'B.' },
      { name: 'c', type: 'text', default: '', doc: 'C.' },
      { name: 'd', type: 'text', default: 'x y', doc: 'D.' },
    ]);
  });

  test.each([
    ['an unknown tag', '@index  a'],
    ['a tag alone', '@reads'],
    ['a vendor table without columns', '@from  KERNELS'],
    ['a column of an unknown type', '@column  b  blob  B.'],
    ['a column without a meaning', '@column  b  integer'],
    ['a column named twice', '@column  a  integer  A.'],
    ['a fraction as an integer', '@param  p integer = 0.5  P.'],
    ['a number as a text', '@param  p text = 1  P.'],
    ['a relation that is no name', '@reads  kernel memcpy'],
  ])('refuses %s, naming file and line', (_, line) => {
    expect(() => parse('Summary.', '@column  a  integer  A.', line)).toThrow(/^queries\/x\.sql:3: .*@/);
  });

  test('refuses prose between the tags: it would be lost', () => {
    expect(() => parse('Summary.', '@column  a  integer  A.', 'and more')).toThrow('queries/x.sql:3: prose after the tags: and more');
  });

  test('refuses a file without a summary or without columns', () => {
    expect(() => parseSqlHeader('queries/x.sql', 'SELECT 1')).toThrow('queries/x.sql:1: the first line');
    expect(() => parse('Summary.')).toThrow('queries/x.sql:1: no @column');
  });
});
