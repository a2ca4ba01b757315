import { expect, test } from 'vitest';
import { fenced, md, table } from './text.ts';

test('HTML, templates, links and tables in a name stay text', () => {
  expect(md('<img src=x onerror=alert(1)> & &lt;')).toBe('&lt;img src=x onerror=alert(1)&gt; &amp; &amp;lt;');
  expect(md('a|b [x](javascript:alert(1)) ![y](z) `c` *d* ~~e~~ \\')).toBe(
    'a\\|b \\[x\\](javascript:alert(1)) !\\[y\\](z) \\`c\\` \\*d\\* \\~\\~e\\~\\~ \\\\',
  );
});

test('an underscore is escaped only where it would mark up', () => {
  expect(md('host_compute __global__ _x')).toBe('host_compute \\_\\_global\\_\\_ \\_x');
});

test('text cannot begin a heading, a list or a rule, nor move a cursor or break a line', () => {
  expect(['# a', '- a', '--- a', '1. a', '=== a', '12.5 ms', '-5 ms'].map(md)).toEqual([
    '\\# a',
    '\\- a',
    '\\--- a',
    '1\\. a',
    '\\=== a',
    '12.5 ms',
    '-5 ms',
  ]);
  expect(md('a\r\n\n# b\u001b[2J\u2028c')).toBe('a # b \\[2J c');
});

test('a cell never leaves its row', () => {
  expect(table(['a', 'b'], [['1|2\n3', '']], [0])).toEqual(['| a | b |', '|---:|---|', '| 1\\|2 3 |   |', '']);
});

test('a fence is longer than any run of backticks in it', () => {
  expect(fenced('a ```` b')).toEqual(['`````sh', 'a ```` b', '`````', '']);
});
