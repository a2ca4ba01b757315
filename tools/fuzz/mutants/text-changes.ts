import type { Chance } from '../chance.ts';
import { ODD_JSON, ODD_TEXT } from '../odd-values.ts';

/** Changes a text file. @returns undefined where the file has nothing of the kind to change */
type TextChange = (text: string, chance: Chance) => readonly [string, string] | undefined;

const at = (text: string, chance: Chance): number => chance.below(text.length + 1);

/** One of the matches of a pattern, replaced. */
function replaceOne(text: string, pattern: RegExp, chance: Chance, by: (old: string) => string): readonly [string, string] | undefined {
  const all = [...text.matchAll(pattern)];
  if (all.length === 0) return undefined;
  const { index, 0: old } = chance.pick(all);
  const put = by(old);
  return [text.slice(0, index) + put + text.slice(index + old.length), `${shown(old)} at ${index} became ${shown(put)}`];
}
const shown = (text: string): string => JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);

function ofLines(text: string, change: (lines: string[]) => string): readonly [string, string] {
  const lines = text.split('\n');
  const done = change(lines);
  return [lines.join('\n'), done];
}

/** A column of a table with this separator, changed in every line. */
function ofColumn(text: string, chance: Chance): readonly [string, string] | undefined {
  const separator = chance.pick([',', ', ', ';', '\t', ' ', '|', ', "']);
  const width = (text.split('\n')[0] ?? '').split(separator).length;
  if (width < 2) return undefined;
  const [from, to, odd] = [chance.below(width), chance.below(width), chance.pick(ODD_TEXT)];
  const kind = chance.below(4);
  const changed = text.split('\n').map((line, i) => {
    const cells = line.split(separator);
    if (cells.length <= Math.max(from, to)) return line;
    if (kind === 0) cells.splice(from, 1);
    else if (kind === 1) [cells[from], cells[to]] = [cells[to] ?? '', cells[from] ?? ''];
    else if (kind === 2) cells[from] = i === 0 ? (cells[from] ?? '') : odd;
    else cells.splice(from, 0, cells[to] ?? '');
    return cells.join(separator);
  });
  return [changed.join('\n'), `column ${from} ${['lost', `swapped with ${to}`, `all ${shown(odd)}`, `preceded by ${to}`][kind]}`];
}

/** A number anywhere, as something else. */
const OTHER_NUMBERS: readonly ((old: string) => string)[] = [
  () => '0',
  old => `-${old}`,
  old => `${old}000000000`,
  old => old.replace('.', ','),
  old => `${old}.5.5`,
  old => `0${old}`,
  () => '1e400',
  () => '9'.repeat(30),
  () => 'NaN',
  () => 'null',
  old => `"${old}"`,
  old => String(Number(old) - 3_600_000),
  old => String(Number(old) * 1e6),
  old => String(Number(old) / 1e6),
];

const TEXT_CHANGES: readonly { readonly weight: number; readonly change: TextChange }[] = [
  { weight: 4, change: (text, chance) => replaceOne(text, /-?\d+(\.\d+)?([eE][+-]?\d+)?/g, chance, chance.pick(OTHER_NUMBERS)) },
  { weight: 3, change: (text, chance) => replaceOne(text, /"[^"\n]*"|\b\w+\b/g, chance, () => chance.pick(ODD_TEXT)) },
  {
    weight: 2,
    change: (text, chance) => replaceOne(text, /(?<=:\s*)("[^"\n]*"|-?[\d.]+|null|true|false)/g, chance, () => chance.pick(ODD_JSON)),
  },
  { weight: 2, change: (text, chance) => ofColumn(text, chance) },
  {
    weight: 2,
    change: (text, chance) => {
      const [from, lost, put] = [at(text, chance), chance.below(20), chance.several(ODD_TEXT, 4).join('')];
      return [text.slice(0, from) + put + text.slice(from + lost), `${shown(put)} in place of ${lost} characters at ${from}`];
    },
  },
  { weight: 1, change: (text, chance) => [text.slice(0, at(text, chance)), 'cut off'] },
  { weight: 1, change: text => [text + text, 'twice'] },
  { weight: 1, change: text => [text.split('\n').reverse().join('\n'), 'lines in reverse'] },
  {
    weight: 2,
    change: (text, chance) =>
      ofLines(text, lines => {
        const [from, n, to] = [chance.below(lines.length), 1 + chance.below(5), chance.below(lines.length)];
        const taken = lines.slice(from, from + n);
        if (chance.oneIn(2)) {
          lines.splice(to, 0, ...taken);
          return `${n} lines from ${from} also at ${to}`;
        }
        lines.splice(from, n);
        return `${n} lines from ${from} lost`;
      }),
  },
  { weight: 1, change: (text, chance) => ofLines(text, lines => `line 0 lost of ${lines.splice(0, 1 + chance.below(2)).length}`) },
  { weight: 1, change: (text, chance) => [text.replaceAll('\n', chance.pick(['\r\n', '\r', '\n\n', ''])), 'other ends of lines'] },
  { weight: 1, change: (text, chance) => [text + chance.pick(ODD_TEXT).repeat(20_000), 'a long tail'] },
];

/** Bytes that are no text: other encodings, noise, compression cut off. */
export function changedBytes(bytes: Buffer, chance: Chance): readonly [Buffer, string] {
  const text = bytes.toString();
  switch (chance.below(4)) {
    case 0:
      return [Buffer.from(`\ufeff${text}`, 'utf16le'), 'as UTF-16'];
    case 1:
      return [Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), bytes]), 'with a byte order mark'];
    case 2: {
      const copy = Buffer.from(bytes);
      for (let i = 1 + chance.below(10); i > 0; i--) copy[chance.below(copy.length)] = chance.below(256);
      return [copy, 'a few bytes changed'];
    }
    default:
      return [Buffer.concat([bytes.subarray(0, chance.below(bytes.length)), chance.bytes(50)]), 'cut off, then noise'];
  }
}

/** Changes a text in one way that applies to it. */
export function changedText(text: string, chance: Chance): readonly [string, string] {
  for (;;) {
    const changed = chance.weighted(TEXT_CHANGES).change(text, chance);
    if (changed !== undefined) return changed;
  }
}

/** Changes a file of text in one way or two, or its bytes. */
export function spoilt(bytes: Buffer, chance: Chance): readonly [Buffer, string] {
  if (chance.oneIn(12)) return changedBytes(bytes, chance);
  let [text, done] = changedText(bytes.toString(), chance);
  if (chance.oneIn(4)) {
    const [more, second] = changedText(text, chance);
    [text, done] = [more, `${done}; then ${second}`];
  }
  return [Buffer.from(text), done];
}
