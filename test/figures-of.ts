/** A number in a file, by the name that the file gives it. */
export interface Figure {
  readonly name: string;
  readonly index: number;
  readonly text: string;
}

const NUMBER = /(?<![\w.:/-])-?\d+(?:\.\d+)?(?:e[+-]?\d+)?(?![\w.:/-])/g;
const IN_JSON = /(?<=[:[,]\s{0,40})-?\d+(?:\.\d+)?(?:e[+-]?\d+)?(?=\s{0,40}[,\]}])/g;
const KEY = /"([^"\\]{1,80})"\s*:[^:"]*$/;

const figure = (name: string, { index, 0: text }: RegExpMatchArray, from = 0): Figure => ({ name, index: from + (index ?? 0), text });

const inJson = (text: string): Figure[] =>
  [...text.matchAll(IN_JSON)].map(match => figure(KEY.exec(text.slice(Math.max(0, match.index - 4000), match.index))?.[1] ?? '', match));

/** Cells under a heading of as many, parted by commas, tabs or blanks; else what the line says around its numbers. */
const inLines = (text: string): Figure[] => {
  const figures: Figure[] = [];
  let from = 0;
  let heading: readonly string[] = [];
  for (const line of text.split('\n')) {
    const mark = line.includes(',') ? ',' : line.includes(';') ? ';' : /\s+/;
    const cells = line.trim().split(mark);
    const numbers = [...line.matchAll(NUMBER)];
    if (numbers.length === 0 && cells.length > 2)
      heading = line
        .replace(/^#/, '')
        .trim()
        .split(mark)
        .map(cell => cell.trim());
    for (const match of numbers) {
      const before = line.slice(0, match.index).trimStart();
      const column = before.split(mark).length - 1;
      const words = line
        .replace(NUMBER, '')
        .replace(/\{.*\}/, '')
        .replace(/[\d.]+/g, '')
        .replace(/\s+/g, ' ')
        .trim();
      const named = heading.length === cells.length ? heading[column] : undefined;
      figures.push(figure(named ?? words.slice(0, 60), match, from));
    }
    from += line.length + 1;
  }
  return figures;
};

/** The numbers of a file as its tool names them: by the keys of JSON, the headings of a table, else by the words of their line. */
export const figuresOf = (text: string): Figure[] => (/^\s*[[{]|^:::MLLOG/.test(text) ? inJson(text) : inLines(text));

/** The file with another number in that place: one digit differs. */
export const withAnother = (text: string, { index, text: number }: Figure): string => {
  const at = number.search(/\d(?!.*\d)/);
  const digit = number[at] === '9' ? '8' : String(Number(number[at]) + 1);
  return text.slice(0, index + at) + digit + text.slice(index + at + 1);
};
