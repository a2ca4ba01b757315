/** A line of a document as it reads: without marks of a block, entities, tags. */
export interface Line {
  /** In the file, from 1. */
  readonly line: number;
  readonly text: string;
  /** Whether it begins something of its own, as an item of a list, where other lines continue the one before. */
  readonly begins: boolean;
}

/** Words that are read as one, or line by line. */
export interface TextBlock {
  readonly kind: 'heading' | 'prose' | 'list' | 'output' | 'code';
  /** Of its first line, from 1. */
  readonly line: number;
  readonly lines: readonly Line[];
  /** Of a heading: 1 for the title. */
  readonly level: number;
}

/** A table: its heading, and its rows with the lines they stand on. */
export interface Grid {
  readonly line: number;
  readonly header: readonly string[];
  readonly rows: readonly { readonly line: number; readonly cells: readonly string[] }[];
}

/** A part of a document that is read as one. */
export type Block =
  | TextBlock
  | { readonly kind: 'table'; readonly line: number; readonly grid: Grid; readonly markup: 'markdown' | 'html' };

/** Languages in which programs print; everything else in a fence is code. */
const OUTPUTS: ReadonlySet<string> = new Set(['', 'text', 'txt', 'console', 'output', 'log']);

/** Whether what is set off as code in this language is what a program printed. */
export const kindOfCode = (language: string): 'output' | 'code' => (OUTPUTS.has(language.toLowerCase()) ? 'output' : 'code');

/** A block of the lines that are given; none for no lines. */
export const textBlock = (kind: TextBlock['kind'], lines: readonly Line[], level = 0): TextBlock[] => {
  const [first] = lines;
  return first === undefined ? [] : [{ kind, line: first.line, lines, level }];
};

/** The lines of a text, the first of which is the given one of the file. */
export const linesOf = (text: string, first: number): Line[] =>
  text.split(/\r?\n/).map((line, i) => ({ line: first + i, text: line, begins: i === 0 }));

const LABELLED = /^[^:|]{2,60}:\s+\S/;
/** Whether a line has the form of "label: value". */
export const isLabelled = (line: Line): boolean => LABELLED.test(line.text);

/** Lines that each say one thing were not wrapped. */
const isRecord = (lines: readonly Line[]): boolean => lines.length > 1 && lines.filter(isLabelled).length * 2 > lines.length;

/** Joins wrapped lines: each item of a list, or the whole paragraph, with the line that it begins on. */
export function itemsOf({ kind, lines }: TextBlock): { readonly text: string; readonly line: number }[] {
  const items: { text: string; line: number }[] = [];
  const isEachItsOwn = kind === 'output' || (kind === 'prose' && isRecord(lines));
  for (const { line, text, begins } of lines) {
    const last = items.at(-1);
    if (last === undefined || isEachItsOwn || begins) items.push({ text: text.trim(), line });
    else last.text += ` ${text.trim()}`;
  }
  return items;
}
