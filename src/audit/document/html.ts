import { type Block, kindOfCode, type TextBlock, textBlock } from './block.ts';
import { HtmlLines } from './html-lines.ts';
import { gridOf, holdsTables } from './html-table.ts';
import { DEEPEST, elementsIn, type HtmlElement, type HtmlNode, isHtmlPage, isRead, nodesOf, plainTextIn, textIn } from './html-tree.ts';

/** Whether a text is HTML, by its beginning or by a table in it. */
export const isHtml = (text: string): boolean => isHtmlPage(text) || /<table[\s>]/i.test(text);

/** Elements that are read apart from what stands before and behind them. */
const APART: ReadonlySet<string> = new Set(
  'address article aside blockquote body caption details dl fieldset figcaption figure footer form head header hr main nav p section summary title'.split(
    ' ',
  ),
);
/** Elements that begin a line. */
const BEGINS_LINE: ReadonlySet<string> = new Set(['br', 'div', 'dt', 'li', 'tr']);
const LISTS: ReadonlySet<string> = new Set(['ul', 'ol']);

/** Cuts HTML into headings, tables, lists, paragraphs, and what is preformatted. `first` is the line of the file that it begins on. */
export function htmlBlocks(html: string, first: number): Block[] {
  const reader = new HtmlReader(first);
  for (const node of nodesOf(html)) reader.read(node, 0);
  return reader.end();
}

class HtmlReader {
  readonly #first: number;
  readonly #blocks: Block[] = [];
  readonly #lines = new HtmlLines();
  #kind: TextBlock['kind'] = 'prose';

  constructor(first: number) {
    this.#first = first;
  }

  end(): Block[] {
    this.#flush();
    return this.#blocks;
  }

  read(node: HtmlNode, depth: number): void {
    if (depth > DEEPEST) return;
    if ('value' in node) this.#readText(node.value, node.sourceCodeLocation?.endLine ?? 1);
    else if (isRead(node)) this.#readElement(node, depth);
  }

  /** Known by the line that it ends on, as the first line break in a preformatted text is none of its own. */
  #readText(text: string, endLine: number): void {
    const lines = text.split('\n');
    for (const [i, line] of lines.entries()) {
      const isBlank = i > 0 && i < lines.length - 1 && line.trim() === '';
      if (isBlank && this.#kind === 'prose') this.#flush();
      else this.#lines.add(this.#first + endLine - lines.length + i, line);
    }
  }

  #readElement(element: HtmlElement, depth: number): void {
    const name = element.tagName;
    if (/^h[1-6]$/.test(name)) this.#put(this.#headingOf(element));
    else if (name === 'pre') this.#put(this.#outputOf(element));
    else if (name === 'table' && !holdsTables(element)) this.#put(this.#tableOf(element));
    else if (LISTS.has(name) && this.#kind !== 'list') this.#readList(element, depth);
    else {
      const isApart = APART.has(name) && this.#kind !== 'list';
      if (isApart) this.#flush();
      else if (BEGINS_LINE.has(name)) this.#lines.begin();
      else this.#lines.separate();
      for (const child of element.childNodes) this.read(child, depth + 1);
      if (isApart) this.#flush();
      // What follows a term says what it is.
      else if (BEGINS_LINE.has(name) && name !== 'dt') this.#lines.begin();
      else this.#lines.separate();
    }
  }

  #readList(element: HtmlElement, depth: number): void {
    this.#flush();
    this.#kind = 'list';
    for (const child of element.childNodes) this.read(child, depth + 1);
    this.#flush();
    this.#kind = 'prose';
  }

  #lineOf(element: HtmlElement): number {
    return this.#first - 1 + (element.sourceCodeLocation?.startLine ?? 1);
  }

  #headingOf(element: HtmlElement): Block[] {
    const line = { line: this.#lineOf(element), text: plainTextIn(element.childNodes), begins: true };
    return textBlock('heading', [line], Number(element.tagName.slice(1)));
  }

  #outputOf(element: HtmlElement): Block[] {
    const [code] = elementsIn(element.childNodes, ['code']);
    const name = [element, ...(code === undefined ? [] : [code])].flatMap(e => e.attrs).find(a => a.name === 'class')?.value ?? '';
    const language = /\blanguage-(?<language>[\w-]+)/.exec(name)?.groups?.['language'] ?? '';
    const lines = textIn(element.childNodes).split('\n');
    const end = element.sourceCodeLocation?.endTag?.startLine ?? element.sourceCodeLocation?.endLine ?? 1;
    return textBlock(
      kindOfCode(language),
      lines.map((text, i) => ({ line: this.#first + end - lines.length + i, text, begins: i === 0 })),
    );
  }

  #tableOf(element: HtmlElement): Block[] {
    const grid = gridOf(element, this.#first);
    return grid === undefined ? [] : [{ kind: 'table', line: grid.line, grid, markup: 'html' }];
  }

  #put(blocks: readonly Block[]): void {
    this.#flush();
    this.#blocks.push(...blocks);
  }

  #flush(): void {
    this.#blocks.push(...textBlock(this.#kind, this.#lines.take()));
  }
}
