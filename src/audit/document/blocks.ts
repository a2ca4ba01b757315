/** A piece of a document that is read as one. */
export interface Block {
  readonly kind: 'heading' | 'table' | 'prose' | 'list' | 'output' | 'code';
  /** Of its first line, from 1. */
  readonly line: number;
  readonly lines: readonly string[];
  /** Of a heading: 1 for the title. */
  readonly level: number;
}

const FENCE = /^\s*(?:```|~~~)\s*(?<language>[\w-]*)/;
/** Languages in which programs print; everything else in a fence is code. */
const OUTPUTS: ReadonlySet<string> = new Set(['', 'text', 'txt', 'console', 'output', 'log']);
const HEADING = /^(?<marks>#{1,6})\s+(?<title>.*)$/;
const ITEM = /^\s*(?:[-*•]|\d+\.)\s+/;
const SEPARATOR = /^\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?\s*$/;

const isTable = (line: string | undefined, next: string | undefined): boolean =>
  line !== undefined && next !== undefined && line.includes('|') && next.includes('|') && SEPARATOR.test(next);

/** Whether a text is Markdown: by a section, a fence or a table. A comment sign alone also begins the lines of telemetry. */
export const isMarkdown = (text: string): boolean => !/^\s*[{[]/.test(text) && /^(?:#{2,6}\s+\S|```|\s*\|?\s*:?-{3,}:?\s*\|)/m.test(text);

/** Cuts Markdown into headings, tables, lists, paragraphs, and what stands in fences. Every line belongs to at most one block. */
export function blocksOf(text: string): Block[] {
  const lines = text.split(/\r?\n/);
  const blocks: Block[] = [];
  let at = 0;
  /** Takes lines while they fit, as one block. */
  const take = (kind: Block['kind'], fits: (line: string, i: number) => boolean, level = 0) => {
    const start = at;
    do at++;
    while (at < lines.length && fits(lines[at] ?? '', at));
    blocks.push({ kind, line: start + 1, lines: lines.slice(start, at), level });
  };
  const endsProse = (line: string, i: number) =>
    line.trim() === '' || HEADING.test(line) || FENCE.test(line) || isTable(line, lines[i + 1]);
  while (at < lines.length) {
    const line = lines[at] ?? '';
    const fence = FENCE.exec(line);
    const heading = HEADING.exec(line);
    if (line.trim() === '') at++;
    else if (fence !== null) {
      at++;
      const kind = OUTPUTS.has((fence.groups?.['language'] ?? '').toLowerCase()) ? 'output' : 'code';
      if (at < lines.length && !FENCE.test(lines[at] ?? '')) take(kind, l => !FENCE.test(l));
      at++;
    } else if (heading !== null) {
      blocks.push({
        kind: 'heading',
        line: at + 1,
        lines: [heading.groups?.['title'] ?? ''],
        level: heading.groups?.['marks']?.length ?? 1,
      });
      at++;
    } else if (isTable(line, lines[at + 1])) take('table', l => l.includes('|'));
    else if (ITEM.test(line)) take('list', (l, i) => !endsProse(l, i));
    else take('prose', (l, i) => !endsProse(l, i) && !ITEM.test(l));
  }
  return blocks;
}

const LABELLED = /^[^:|]{2,60}:\s+\S/;
/** Lines that each say one thing were not wrapped. */
const isRecord = (block: Block): boolean =>
  block.lines.length > 1 && block.lines.filter(l => LABELLED.test(l)).length * 2 > block.lines.length;

/** Joins wrapped lines of a list or paragraph: each item, or the whole paragraph, with the line that it begins on. */
export function itemsOf(block: Block): { readonly text: string; readonly line: number }[] {
  const items: { text: string; line: number }[] = [];
  const isLines = block.kind === 'output' || (block.kind === 'prose' && isRecord(block));
  for (const [i, line] of block.lines.entries()) {
    const last = items.at(-1);
    if (last === undefined || isLines || (block.kind === 'list' && ITEM.test(line)))
      items.push({ text: line.replace(ITEM, '').trim(), line: block.line + i });
    else last.text += ` ${line.trim()}`;
  }
  return items;
}
