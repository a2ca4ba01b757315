import type { Nodes, PhrasingContent } from 'mdast';
import { type Line, linesOf } from './block.ts';

/** The line of the file, from 1, that a part of a document begins on. */
export const lineOf = (node: Nodes): number => node.position?.start.line ?? 1;

/** What stands in the file for a part of a document. */
export const sourceOf = (text: string, node: Nodes): string => text.slice(node.position?.start.offset, node.position?.end.offset);

/** The lines of a paragraph, a heading or a cell. Tags in it stand for a blank. */
export function linesIn(nodes: readonly PhrasingContent[]): Line[] {
  const texts = new Map<number, string>();
  for (const node of nodes) {
    const value = node.type === 'html' ? ' ' : 'value' in node ? node.value : '';
    for (const { line, text } of linesOf(value, lineOf(node))) texts.set(line, (texts.get(line) ?? '') + text);
  }
  return [...texts].map(([line, text], i) => ({ line, text, begins: i === 0 }));
}

const BULLET = /^\s*(?:•|\d+\.)\s+/;
/** Lines with marks that begin items for people, though not for Markdown. */
export const withBullets = (lines: readonly Line[]): Line[] =>
  lines.map(line => (BULLET.test(line.text) ? { ...line, text: line.text.replace(BULLET, ''), begins: true } : line));
