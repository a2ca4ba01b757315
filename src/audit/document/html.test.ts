import { expect, test } from 'vitest';
import { itemsOf } from './block.ts';
import { htmlBlocks } from './html.ts';

const blocks = (html: string) =>
  htmlBlocks(html, 1).map(block =>
    block.kind === 'table'
      ? [block.grid.header, ...block.grid.rows.map(row => [row.line, ...row.cells])]
      : `${block.kind} ${itemsOf(block)
          .map(item => `${item.line}: ${item.text}`)
          .join(' / ')}`,
  );

test('lines are those of the file', () =>
  expect(blocks('<p>a\nb</p>\n<h2>c\nd</h2><p>e</p>')).toEqual(['prose 1: a b', 'heading 3: c d', 'prose 4: e']));
test('the first line break in a preformatted text is none of its own', () =>
  expect(blocks('<pre>\n\na &lt; 5\nb</pre><pre><code class="language-py">c</code></pre>')).toEqual([
    'output 2:  / 3: a < 5 / 4: b',
    'code 4: c',
  ]));
test('items of a list are kept apart, with those of lists in it', () =>
  expect(blocks('<ul><li>a<ul><li>b</ul><li><p>c</p><p>d</p></ul>')).toEqual(['list 1: a / 1: b / 1: c d']));
test('breaks, divisions and terms begin a line', () =>
  expect(blocks('<p>a<br>b</p><div>c</div><div>d</div><dl><dt>e<dd>f<dt>g<dd>h</dl>')).toEqual([
    'prose 1: a / 1: b',
    'prose 1: c / 1: d',
    'prose 1: e f / 1: g h',
  ]));
test('entities of every kind are known', () =>
  expect(blocks('<p>&ge;5&nbsp;&micro;s &#215;2 &hellip;</p>')).toEqual(['prose 1: ≥5 µs ×2 …']));
test('comments, scripts and pictures are not read; attributes may hold brackets', () =>
  expect(blocks('<!-- a --><script>b</script><svg><text>c</text></svg><p title="x > y">d</p>')).toEqual(['prose 1: d']));
test('a table without end tags is a table', () =>
  expect(blocks('<table><caption>x<tr><th>a<th>b\n<tr><td>1<td>2</table>')).toEqual([
    [
      ['a', 'b'],
      [2, '1', '2'],
    ],
  ]));
test('a table in a table is what is read of both', () =>
  expect(blocks('<table><tr><td>x<table><tr><td>a<tr><td>1</table></table>')).toEqual(['prose 1: x', [['a'], [1, '1']]]));
test('what nests too deep is not read, and stops nothing', () =>
  expect(blocks(`<p>a</p>${'<div>'.repeat(5000)}b`)).toEqual(['prose 1: a']));
