import type { Heading, RootContent, Table } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmTableFromMarkdown } from 'mdast-util-gfm-table';
import { gfmTable } from 'micromark-extension-gfm-table';
import { type Block, isLabelled, kindOfCode, type Line, linesOf, textBlock } from './block.ts';
import { htmlBlocks } from './html.ts';
import { lineOf, linesIn, sourceOf, withBullets } from './markdown-lines.ts';
import { partsOfList } from './markdown-list.ts';
import { looseTable, tableBlocks } from './markdown-table.ts';

/** Whether a text is Markdown: by a section, a fence or a table. A comment sign alone also begins the lines of telemetry. */
export const isMarkdown = (text: string): boolean =>
  !/^\s*[{[]/.test(text) && /^(?:#{2,6}[ \t]{1,9}\S|```|[ \t]{0,9}\|?[ \t]{0,9}:?-{3,}:?[ \t]{0,9}\|)/m.test(text);

/** Longer than what people write. The time and the memory of the parser grow faster than the text: what is longer is read line by line. */
const LONGEST_MARKDOWN = 512 * 1024;
/** Deeper than anybody quotes or indents: the parser takes the square of the depth. */
const DEEP = /^(?:[ \t]*>){50}|^[ \t]{200}/m;
/**
 * Emphasis and links stay as they are written: no number hangs on them, and the parser takes the square of a paragraph's length over their
 * marks. Nor are there definitions of links: "[GPU 0]: 79W" is a line of a log.
 */
const LEFT_ALONE = ['attention', 'autolink', 'definition', 'labelEnd', 'labelStartImage', 'labelStartLink'];

/** CommonMark with the tables of GitHub. */
const parse = (text: string): RootContent[] =>
  fromMarkdown(text, { extensions: [gfmTable(), { disable: { null: LEFT_ALONE } }], mdastExtensions: [gfmTableFromMarkdown()] }).children;

/** Cuts Markdown into headings, tables, lists, paragraphs, and what stands in fences. HTML in it is read as HTML. */
export function markdownBlocks(text: string): Block[] {
  return text.length > LONGEST_MARKDOWN || DEEP.test(text) ? plainBlocks(text) : blocksOf(text, parse(text));
}

/** Lines that each stand for themselves, in blocks with blank lines between them. */
function plainBlocks(text: string): Block[] {
  const blocks: Block[] = [];
  let lines: Line[] = [];
  for (const line of [...linesOf(text, 1), { line: 0, text: '', begins: true }]) {
    if (line.text.trim() !== '') lines.push(line);
    else {
      blocks.push(...textBlock('output', lines));
      lines = [];
    }
  }
  return blocks;
}

function blocksOf(text: string, nodes: readonly RootContent[]): Block[] {
  const blocks: Block[] = [];
  for (let i = 0; i < nodes.length; i++) {
    const node = nodes[i];
    if (node === undefined) continue;
    const last = node.type === 'html' ? endOfTable(nodes, i) : i;
    const html = text.slice(node.position?.start.offset, nodes[last]?.position?.end.offset);
    blocks.push(...(node.type === 'html' ? htmlBlocks(html, lineOf(node)) : blocksOfNode(text, node)));
    i = last;
  }
  return blocks;
}

/** A blank line ends what Markdown takes for HTML, though it may stand in a table: the node in which the table ends. */
function endOfTable(nodes: readonly RootContent[], at: number): number {
  const node = nodes[at];
  const html = node?.type === 'html' ? node.value.toLowerCase() : '';
  if (html.lastIndexOf('<table') <= html.lastIndexOf('</table')) return at;
  const end = nodes.findIndex((other, i) => i > at && other.type === 'html' && /<\/?table/i.test(other.value));
  const closing = nodes[end];
  return closing?.type === 'html' && /<\/table/i.test(closing.value) ? end : at;
}

function blocksOfNode(text: string, node: RootContent): Block[] {
  switch (node.type) {
    case 'heading':
      return textBlock(isTitle(node) ? 'heading' : 'prose', linesIn(node.children), node.depth);
    case 'paragraph': {
      const lines = linesIn(node.children);
      return (
        looseTable(lines, mended => parse(mended).find((n): n is Table => n.type === 'table')) ?? textBlock('prose', withBullets(lines))
      );
    }
    case 'table':
      return tableBlocks(text, node);
    case 'code': {
      const isFenced = /^\s*(?:`{3}|~{3})/.test(sourceOf(text, node));
      return node.value === '' ? [] : textBlock(kindOfCode(node.lang ?? ''), linesOf(node.value, lineOf(node) + (isFenced ? 1 : 0)));
    }
    case 'list':
      return partsOfList(node).flatMap(part => ('node' in part ? blocksOf(text, [part.node]) : textBlock('list', part.items)));
    case 'blockquote':
      return blocksOf(text, node.children);
    default:
      return [];
  }
}

/** What programs print may have a line of marks below it; a title above such a line has no label, and is no longer than a line. */
function isTitle(node: Heading): boolean {
  const lines = linesIn(node.children);
  const isUnderlined = node.position?.start.line !== node.position?.end.line;
  return !isUnderlined || (lines.length === 1 && !lines.some(isLabelled));
}
