import type { Frame, Statement } from '../statement.ts';
import { type Block, itemsOf, type TextBlock } from './block.ts';
import { htmlBlocks } from './html.ts';
import { isHtmlPage } from './html-tree.ts';
import { statementOfLabel, statementsOfTopology } from './labels.ts';
import { isMarkdown, markdownBlocks } from './markdown.ts';
import { flagsIn, statementsOfSentence } from './sentences.ts';
import { statementsOfTable } from './table.ts';

export interface ReadDocument {
  readonly statements: readonly Statement[];
  /** Numbers that stand in the text, and how many of them were understood. */
  readonly numbers: number;
  readonly understood: number;
}

const NUMERAL = /(?<![\w.])\d[\d,]*(?:\.\d+)?/g;
/** Ends of sentences; a semicolon separates what does not belong together. */
const SENTENCE_END = /(?<=[.!?;])\s+(?=[A-Z`*])/;

interface Section {
  readonly title: string;
  readonly scope: readonly string[];
}
const frameOf = (file: string, section: Section, line: number, ...parts: string[]): Frame => ({
  subject: section.title === '' ? `line ${line}` : `${section.title}, line ${line}`,
  role: 'result',
  scope: [...section.scope, ...parts],
  sweep: null,
  source: { file, line, path: null },
});

/** Lines of the form "label: value" in one list or output are a record of one thing; other sentences each stand alone. */
function statementsOfItems(block: TextBlock, file: string, section: Section): Statement[] {
  const part = `block ${block.line}`;
  const topology = statementsOfTopology(
    block.lines.map(line => line.text),
    frameOf(file, section, block.line, part),
  );
  const counts = new Map<number, number>();
  return [
    ...topology,
    ...itemsOf(block).flatMap(({ text, line }) => {
      const labelled = statementOfLabel(text, frameOf(file, section, line, part));
      if (labelled !== undefined) return [labelled, ...statementsOfSentence(text, frameOf(file, section, line, part)).filter(isSetting)];
      // Tags can put many paragraphs on one line.
      const before = counts.get(line) ?? 0;
      const sentences = text.split(SENTENCE_END);
      counts.set(line, before + sentences.length);
      return sentences.flatMap((sentence, i) =>
        statementsOfSentence(sentence, frameOf(file, section, line, part, `sentence ${line}.${before + i}`)),
      );
    }),
  ];
}
const isSetting = (statement: Statement): boolean => statement.role === 'setting';

function statementsOfBlock(block: Block, file: string, section: Section): Statement[] {
  switch (block.kind) {
    case 'heading':
      return statementsOfSentence(titleOf(block), frameOf(file, section, block.line)).filter(isSetting);
    case 'table':
      return statementsOfTable(block.grid, frameOf(file, section, block.line, `table ${block.line}`));
    case 'code':
      return block.lines.flatMap(({ text, line }, i) => flagsIn(text, frameOf(file, section, line, `block ${block.line}`, `line ${i}`)));
    default:
      return statementsOfItems(block, file, section);
  }
}
const titleOf = (heading: TextBlock): string => heading.lines[0]?.text ?? '';

/**
 * Reads the statements of a report in Markdown, HTML or plain text: tables whose headings it knows, "label: value unit" lines, and sentences
 * with a number and a unit that leave no doubt. What it does not know it leaves, and counts. docs/audit.md lists what it knows.
 * @param file what sources call it
 */
export function readDocument(text: string, file: string): ReadDocument {
  // A line that is written over again and again is one line of the file.
  const lines = text.replace(/\r(?!\n)/g, ' ');
  let section: Section = { title: '', scope: [file] };
  const statements: Statement[] = [];
  const inHtmlTables: Statement[] = [];
  for (const block of isHtmlPage(lines) || (/^\s*<[!a-z]/i.test(lines) && !isMarkdown(lines))
    ? htmlBlocks(lines, 1)
    : markdownBlocks(lines)) {
    if (block.kind === 'heading') {
      const title = titleOf(block).replace(/[*`]/g, '');
      // What the title says holds for the whole file.
      section = { title, scope: block.level === 1 ? [file] : [file, `${title} (line ${block.line})`] };
    }
    const list = block.kind === 'table' && block.markup === 'html' ? inHtmlTables : statements;
    for (const statement of statementsOfBlock(block, file, section)) list.push(statement);
  }
  const all = [...statements, ...inHtmlTables].map(padded);
  const numbers = text.match(NUMERAL)?.length ?? 0;
  return { statements: all, numbers, understood: Math.min(numbers, all.filter(c => /\d/.test(c.text)).length) };
}

/** Every statement lies in a section, if only in a nameless one: below a title there may be none. */
const padded = (statement: Statement): Statement =>
  statement.scope.length > 1 && !/\(line \d+\)$/.test(statement.scope[1] ?? '')
    ? { ...statement, scope: [statement.scope[0] ?? '', '(line 0)', ...statement.scope.slice(1)] }
    : statement;
