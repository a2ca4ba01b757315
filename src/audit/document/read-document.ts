import type { Frame, Statement } from '../statement.ts';
import { type Block, blocksOf, itemsOf } from './blocks.ts';
import { htmlParts, isHtml } from './html.ts';
import { claimOfLabel, claimsOfTopology } from './labels.ts';
import { claimsOfSentence, flagsIn } from './sentences.ts';
import { claimsOfTable, type Grid, gridOf } from './table.ts';

export interface ReadDocument {
  readonly claims: readonly Statement[];
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
function claimsOfItems(block: Block, file: string, section: Section): Statement[] {
  const part = `block ${block.line}`;
  const topology = claimsOfTopology(block.lines, frameOf(file, section, block.line, part));
  return [
    ...topology,
    ...itemsOf(block).flatMap(({ text, line }) => {
      const labelled = claimOfLabel(text, frameOf(file, section, line, part));
      if (labelled !== undefined) return [labelled, ...claimsOfSentence(text, frameOf(file, section, line, part)).filter(isSetting)];
      return text
        .split(SENTENCE_END)
        .flatMap((sentence, i) => claimsOfSentence(sentence, frameOf(file, section, line, part, `sentence ${line}.${i}`)));
    }),
  ];
}
const isSetting = (claim: Statement): boolean => claim.role === 'setting';

function claimsOfBlock(block: Block, file: string, section: Section): Statement[] {
  switch (block.kind) {
    case 'heading':
      return claimsOfSentence(block.lines[0] ?? '', frameOf(file, section, block.line)).filter(isSetting);
    case 'table':
      return claimsOfTable(gridOf(block), frameOf(file, section, block.line, `table ${block.line}`));
    case 'code':
      return block.lines.flatMap((line, i) => flagsIn(line, frameOf(file, section, block.line + i, `block ${block.line}`, `line ${i}`)));
    default:
      return claimsOfItems(block, file, section);
  }
}

/**
 * Reads the claims of a report in Markdown, HTML or plain text: tables whose headings it knows, "label: value unit" lines, and sentences
 * with a number and a unit that leave no doubt. What it does not know it leaves, and counts. docs/audit.md lists what it knows.
 * @param file what sources call it
 */
export function readDocument(text: string, file: string): ReadDocument {
  const parts = isHtml(text) ? htmlParts(text) : { grids: [], text };
  let section: Section = { title: '', scope: [file] };
  const sections: { readonly line: number; readonly section: Section }[] = [];
  const claims = blocksOf(parts.text).flatMap(block => {
    if (block.kind === 'heading') {
      const title = (block.lines[0] ?? '').replace(/[*`]/g, '');
      // What the title says holds for the whole file.
      section = { title, scope: block.level === 1 ? [file] : [file, `${title} (line ${block.line})`] };
      sections.push({ line: block.line, section });
    }
    return claimsOfBlock(block, file, section);
  });
  const sectionAt = (line: number): Section => sections.findLast(s => s.line <= line)?.section ?? { title: '', scope: [file] };
  const inTables = parts.grids.flatMap((grid: Grid) =>
    claimsOfTable(grid, frameOf(file, sectionAt(grid.line), grid.line, `table ${grid.line}`)),
  );
  const all = [...claims, ...inTables].map(padded);
  const numbers = text.match(NUMERAL)?.length ?? 0;
  return { claims: all, numbers, understood: Math.min(numbers, all.filter(c => /\d/.test(c.text)).length) };
}

/** Every claim lies in a section, if only in a nameless one: below a title there may be none. */
const padded = (claim: Statement): Statement =>
  claim.scope.length > 1 && !/\(line \d+\)$/.test(claim.scope[1] ?? '')
    ? { ...claim, scope: [claim.scope[0] ?? '', '(line 0)', ...claim.scope.slice(1)] }
    : claim;
