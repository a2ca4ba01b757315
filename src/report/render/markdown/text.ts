import { blocks } from '../prose.ts';

// biome-ignore lint/suspicious/noControlCharactersInRegex: they come from names in traces and would move a terminal's cursor.
const BLANK = /[\s\u0000-\u001f\u007f]+/g;

/**
 * Text from a trace as Markdown that shows it letter for letter: names may hold HTML, kernel templates `<...>`, pipes or
 * links. An underscore inside a word is left alone, as GFM does, so that `host_compute` stays readable.
 */
export const md = (text: string | number): string =>
  String(text)
    .replace(BLANK, ' ')
    .trim()
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/[\\`*[\]|~]/g, '\\$&')
    .replace(/(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g, '\\_')
    .replace(/^(?:[+-](?=\s)|-{2,}|=+|#+)/, '\\$&')
    .replace(/^(\d+)([.)])(?=\s|$)/, '$1\\$2');

/** One table row a line; a cell never breaks out of its row. */
export function table(head: readonly string[], rows: readonly (readonly (string | number)[])[], numeric: readonly number[] = []): string[] {
  const line = (cells: readonly (string | number)[]) => `| ${cells.map(cell => (cell === '' ? ' ' : md(cell))).join(' | ')} |`;
  return [line(head), `|${head.map((_, i) => (numeric.includes(i) ? '---:' : '---')).join('|')}|`, ...rows.map(line), ''];
}

/** A fence longer than any run of backticks inside, so that no content can close it. */
export function fenced(text: string, language = 'sh'): string[] {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(run => run[0].length));
  const fence = '`'.repeat(longest + 1);
  return [`${fence}${language}`, text, fence, ''];
}

/** An answer as paragraphs and lists, a blank line after each. */
export const prose = (text: string): string[] =>
  blocks(text).flatMap(block => (block.kind === 'list' ? [...block.items.map(item => `- ${md(item)}`), ''] : [md(block.text), '']));
