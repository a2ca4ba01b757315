import { describe, expect, test } from 'vitest';
import type { Block } from './block.ts';
import { itemsOf } from './block.ts';
import { isMarkdown, markdownBlocks } from './markdown.ts';

const shown = (block: Block): string =>
  block.kind === 'table'
    ? `table ${block.line}: ${[block.grid, ...block.grid.rows].map(row => ('header' in row ? row.header : row.cells).join(', ')).join(' / ')}`
    : `${block.kind} ${itemsOf(block)
        .map(item => `${item.line}: ${item.text}`)
        .join(' / ')}`;
const blocks = (...lines: string[]) => markdownBlocks(lines.join('\n')).map(shown);

test('a list ends at a blank line; lists in it are a part of it', () =>
  expect(blocks('- a', '  wrapped', '  - b', '- c', '', '- d')).toEqual(['list 1: a wrapped / 3: b / 4: c', 'list 6: d']));
test('code in an item is a block of its own', () =>
  expect(blocks('1. a', '   ```bash', '   run', '   ```', '2. b')).toEqual(['list 1: a', 'code 3: run', 'list 5: b']));
test('what a program printed is read line by line, fenced or indented', () =>
  expect(blocks('```', 'a', '', 'b', '```', '', '    c', '    d')).toEqual(['output 2: a / 3:  / 4: b', 'output 7: c / 8: d']));
test('a fence that nothing closes goes to the end', () => expect(blocks('~~~py', 'a', '# b')).toEqual(['code 2: a # b']));
test('quotes are read as what they hold', () => expect(blocks('> a', '> b')).toEqual(['prose 1: a b']));
test('entities and escapes are read as what they mean, tags as a blank', () =>
  expect(blocks('p99 &lt; 5&nbsp;ms<br>at \\~3')).toEqual(['prose 1: p99 < 5\u00a0ms at ~3']));
test('a line of marks underlines a title, but not the output of a program', () =>
  expect(blocks('Title', '=====', 'Rate: 5', '-------')).toEqual(['heading 1: Title', 'prose 3: Rate: 5']));
test('bullets that Markdown does not know begin items', () =>
  expect(blocks('It has', '• a', '• b', 'wrapped')).toEqual(['prose 1: It has / 2: a / 3: b wrapped']));
test('a label in brackets is no definition of a link', () => expect(blocks('[GPU 0]: 79W')).toEqual(['prose 1: [GPU 0]: 79W']));

describe('a table', () => {
  test('may follow prose, and prose may follow it', () =>
    expect(blocks('intro', 'a | b', '--|--', '1 | 2', 'after')).toEqual(['prose 1: intro', 'table 2: a, b / 1, 2', 'prose 5: after']));
  test('may have bars in its cells', () => expect(blocks('| a \\| b | `c` |', '|-|-|', '| 1 | 2 |')).toEqual(['table 1: a | b, c / 1, 2']));
  test('may have a rule with too many cells', () =>
    expect(blocks('x', '| a |', '|---|---|', '| 1 |', 'y')).toEqual(['prose 1: x', 'table 2: a / 1', 'prose 5: y']));
  test('may be HTML, even with a blank line in it', () => {
    const [table] = markdownBlocks('# t\n\n<table>\n<tr><th>a</th></tr>\n\n<tr><td>1</td></tr>\n</table>\n\nend').slice(1);
    expect(table).toEqual({ kind: 'table', line: 3, markup: 'html', grid: { line: 3, header: ['a'], rows: [{ line: 6, cells: ['1'] }] } });
  });
});

test('what is longer than a person writes, or deeper, is read line by line and soon', () => {
  expect(blocks(`${'>'.repeat(5000)} a`, 'b', '', 'c')).toEqual([`output 1: ${'>'.repeat(5000)} a / 2: b`, 'output 4: c']);
  const long = markdownBlocks('Rate: 5 tok/s\n'.repeat(50_000));
  expect(long.map(block => [block.kind, block.line])).toEqual([['output', 1]]);
});
test('marks without end are read without taking the square of their number', () =>
  expect(blocks('**a*'.repeat(20_000), '', '[a'.repeat(20_000))).toHaveLength(2));

// From each of them a search for the end of the blanks would begin anew, three times over: minutes.
test('a file of blank lines is no Markdown', () => expect(isMarkdown('\r\n'.repeat(20_000))).toBe(false));
