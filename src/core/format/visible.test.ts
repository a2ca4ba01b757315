import { expect, test } from 'vitest';
import { visible, visibleLines } from './visible.ts';

test('text that only shows something stays as it is', () => {
  for (const text of ['gemm<float, 4>', 'Spüre 核函数', '', 'a\\nb']) expect(visible(text)).toBe(text);
});
test.each([
  ['a line end', 'a\nb', 'a\\nb'],
  ['an escape sequence', '\u001b[2Jx', '\\u001b[2Jx'],
  ['the title of a window', '\u001b]0;mine\u0007', '\\u001b]0;mine\\u0007'],
  ['a sequence of one byte', '\u009b31m', '\\u009b31m'],
  ['text that reads backwards', 'a\u202eb', 'a\\u202eb'],
  ['a tab', 'a\tb', 'a\\tb'],
])('%s is written out', (_, text, shown) => expect(visible(text)).toBe(shown));
test('of several lines the ends stay, and our colours', () =>
  expect(visibleLines('\u001b[32myes\u001b[39m\n\u001b[2J')).toBe('\u001b[32myes\u001b[39m\n\\u001b[2J'));
