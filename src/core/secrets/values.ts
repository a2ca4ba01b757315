import { isIn, QUOTE, VALUE_END } from './characters.ts';
import { areTokenIds, type Grade } from './names.ts';
import { hide, REDACTED, type Scan } from './scan.ts';

/** Where a value stands: `colon` behind a colon without quotes, as in prose; `option` behind an option of a command line. */
export type Form = 'quoted' | 'assigned' | 'colon' | 'option' | 'query';

/** What stands for nothing secret: placeholders, of ours and of templates, and words that say that there is none. */
const NO_SECRET =
  /^(?:<[\w. -]+>|\$\{?[\w.:-]+\}?|\$\([\w.: -]+\)|\{\{.*\}\}|%\(?\w+\)?s?|\*{2,}|x{3,}|\.{3}|bearer|basic|token|true|false|null|none|nil|undefined|n\/a)$/i;
const NUMBER = /^[-+]?\d{1,8}(?:\.\d+)?(?:[eE][-+]?\d+)?(?:%|[mun]?s)?$/;
const SETTING =
  /^(?:auto|default|on|off|yes|no|enabled?|disabled?|required|optional|always|never|int\d*|uint\d*|float\d*|double|half|bool|str|string|bytes|char|void|any|object|type|value|name|id|fp\d+|bf16|forward|backward|fwd|bwd)$/i;
const SHORTEST_KEY = 10;
const LONG_KEY = 24;
/** So often letters and digits take turns in a key and not in a word. */
const TURNS = 3;

/** Whether a value looks drawn at random: letters and digits in turn, or long and in mixed case. */
function looksRandom(value: string): boolean {
  if (value.length < SHORTEST_KEY || !/^[\w+/=~.-]+$/.test(value)) return false;
  if ((value.match(/[A-Za-z](?=\d)|\d(?=[A-Za-z])/g) ?? []).length >= TURNS) return true;
  return value.length >= LONG_KEY && /[a-z]/.test(value) && /[A-Z]/.test(value) && /\d/.test(value);
}

const LONGEST_JUDGED = 256;

/** Whether the value of a name is a secret. */
export function isSecret(grade: Grade, form: Form, value: string): boolean {
  if (value === '' || (value.length <= LONGEST_JUDGED && NO_SECRET.test(value))) return false;
  if (value.length > LONGEST_JUDGED) return grade !== 'none';
  if (grade === 'secret') return true;
  if (form === 'option') return grade === 'likely' || (grade === 'maybe' && !NUMBER.test(value));
  if (grade === 'likely')
    return !NUMBER.test(value) && !SETTING.test(value) && (form !== 'colon' || (/\d/.test(value) && /[A-Za-z]/.test(value)));
  return grade === 'maybe' && looksRandom(value);
}

/** A quote closes the string that another opened if it stands in as many strings; one that stands in fewer ends those around it too. */
function closes(scan: Scan, quote: number, depth: number): boolean {
  const before = scan.view.depthOf(quote);
  return before < depth || before % (2 * depth + 2) === depth;
}

/** Where the string that begins behind a quote ends: at its closing quote, at NUL, or at the end. */
export function stringEnd(scan: Scan, opening: number): number {
  const kind = scan.read.at(opening);
  const depth = scan.view.depthOf(opening);
  let i = opening + 1;
  for (let code = scan.read.at(i); code > 0; code = scan.read.at(++i)) if (code === kind && closes(scan, i, depth)) break;
  return i;
}

/** Where a value without quotes ends. Brackets and stops at its end belong to what stands around it. */
export function bareEnd(scan: Scan, from: number): number {
  // A placeholder is a value, whole, blanks and all.
  const isTag = scan.read.at(from) === LESS;
  const placeholder = isTag ? /^<[\w. -]{1,128}>/.exec(scan.read.slice(from, from + PLACEHOLDER_LONGEST)) : null;
  let end = scan.read.until(from + (placeholder?.[0].length ?? 0), VALUE_END);
  while (end > from && CLOSING.has(scan.read.at(end - 1))) end -= 1;
  return end;
}
const LESS = 60;
const PLACEHOLDER_LONGEST = 130;
const CLOSING = new Set([...')]}.:|'].map(c => c.charCodeAt(0)));

const OPENING_LIST = 91;
const CLOSING_LIST = 93;
const OPENING_OBJECT = 123;
const ZERO = '0';

/** What was asked or answered, by its length. */
const spokenAs = ({ source, view }: Scan, from: number, end: number): string =>
  `<text of ${lengthOf(source.slice(view.sourceOf(from), view.sourceOf(end)))} characters>`;
const SPOKEN_AS = /^<text of \d+ characters>$|^<redacted>$/;

function lengthOf(source: string): number {
  try {
    const text: unknown = JSON.parse(`"${source}"`);
    return typeof text === 'string' ? text.length : source.length;
  } catch {
    return source.length;
  }
}

/** Hides a string between quotes. */
export function hideString(scan: Scan, opening: number, as: 'secret' | 'spoken'): number {
  const end = stringEnd(scan, opening);
  const value = scan.read.slice(opening + 1, end);
  if (value === '' || (as === 'secret' ? NO_SECRET : SPOKEN_AS).test(value)) return end;
  return hide(scan, opening + 1, end, as === 'secret' ? REDACTED : spokenAs(scan, opening + 1, end));
}

/** Goes over a list whose name says what it holds: strings are hidden, and of numbers of tokens nothing but how many there are. */
export function hideList(scan: Scan, opening: number, as: 'secret' | 'spoken', name: string): number {
  let depth = 0;
  let i = opening;
  const numbers = as === 'spoken' && areTokenIds(name);
  for (let code = scan.read.at(i); code > 0; code = scan.read.at(i)) {
    if (code === OPENING_OBJECT) return i;
    if (code === OPENING_LIST) depth += 1;
    if (code === CLOSING_LIST && --depth === 0) return i + 1;
    if (isIn(code, QUOTE)) i = hideString(scan, i, as) + 1;
    else if (numbers && code >= 48 && code <= 57) {
      const end = scan.read.until(i, VALUE_END);
      const number = /^\d+/.exec(scan.read.slice(i, end))?.[0] ?? '';
      if (number !== ZERO) hide(scan, i, i + number.length, ZERO);
      i += number.length;
    } else i += 1;
  }
  return i;
}
