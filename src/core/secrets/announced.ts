import { BLANK, LINE_END, QUOTE } from './characters.ts';
import { areTokenIds, type Grade, gradeInQuery, gradeOf, isSpoken, isSpokenAttribute } from './names.ts';
import { hide, type Name, REDACTED, type Scan } from './scan.ts';
import { bareEnd, type Form, hideList, hideString, isSecret, stringEnd } from './values.ts';

const COLON = 58;
const EQUALS = 61;
const GREATER = 62;
const CLOSING_BRACKET = 93;
const OPENING_LIST = 91;
const OPENING_OBJECT = 123;
const QUESTION = 63;
const AND = 38;

/** So many blanks may stand beside a separator; more are a table's. */
const MOST_BLANKS = 32;

/** A name in front of a separator. */
interface Announcer {
  readonly text: string;
  readonly at: Name;
  readonly quoted: boolean;
  readonly inQuery: boolean;
}

/** The name in front of a separator: `name =`, `"name":`, `['name'] =`. */
function nameBefore({ read, name }: Scan, separator: number): Announcer | undefined {
  if (name === undefined) return undefined;
  let end = separator;
  const blanks = () => {
    for (let n = 0; n < MOST_BLANKS && read.is(end - 1, BLANK); n++) end -= 1;
  };
  blanks();
  if (read.at(end - 1) === CLOSING_BRACKET) end -= 1;
  const quoted = read.is(end - 1, QUOTE);
  if (quoted) end -= 1;
  if (end !== name.end) return undefined;
  const before = read.at(name.from - 1);
  return { text: read.slice(name.from, name.end), at: name, quoted, inQuery: before === QUESTION || before === AND };
}

/** Headers whose values say how they are meant before they say it. */
const IN_SCHEMES = /^(?:proxy-)?authorization$/i;
const COOKIES = /^(?:set-)?cookie2?$/i;
const SCHEME = /^(?:Bearer|Basic|Token|Api-?Key|Negotiate|NTLM|Digest|OAuth|Hawk|AWS4-HMAC-SHA256)(?=[ \t])/i;
const OF_ONE_WORD = /^(?:Bearer|Basic|Token|Api-?Key|Negotiate|NTLM)$/i;
const LONGEST_SCHEME = 20;

/** The value of a header: what follows its scheme, to the end of the word, of the quotes around it, or of the line. */
function header(scan: Scan, name: string, from: number): number {
  const { read } = scan;
  const [scheme = ''] = SCHEME.exec(read.slice(from, from + LONGEST_SCHEME)) ?? [];
  const start = scheme === '' ? from : read.run(from + scheme.length, BLANK);
  const end = OF_ONE_WORD.test(scheme) || (scheme === '' && !COOKIES.test(name)) ? bareEnd(scan, start) : lineEnd(scan, start);
  return isSecret('secret', 'assigned', read.slice(start, end)) ? hide(scan, start, end, REDACTED) : start;
}

/** The end of a line, or of the string that it stands in. */
function lineEnd({ read }: Scan, from: number): number {
  let end = read.until(from, LINE_END | QUOTE);
  while (end > from && read.is(end - 1, BLANK)) end -= 1;
  return end;
}

/** Fields that say what the field `value` beside them is: lists of variables and of headers. */
const NAMES_VALUE = /^(?:name|key|header|variable|var|env)$/i;
const NAMED_VALUE = /^(?:value|val|default_?value|string_?value)$/i;

function gradeHere(scan: Scan, { text, inQuery }: Announcer): Grade {
  if (scan.named !== 'none' && NAMED_VALUE.test(text)) return scan.named;
  return inQuery ? gradeInQuery(text) : gradeOf(text);
}

function nameValue(scan: Scan, name: string): void {
  const grade = gradeOf(name);
  scan.named = grade === 'maybe' ? 'none' : grade;
  scan.speaks = isSpokenAttribute(name);
}

/** A value in quotes behind its name. A header's keeps its scheme. */
function quotedValue(scan: Scan, { text }: Announcer, grade: Grade, opening: number): number {
  const { read } = scan;
  const end = stringEnd(scan, opening);
  const [scheme = ''] = SCHEME.exec(read.slice(opening + 1, opening + 1 + LONGEST_SCHEME)) ?? [];
  const start = IN_SCHEMES.test(text) && scheme !== '' ? read.run(opening + 1 + scheme.length, BLANK) : opening + 1;
  if (start < end && isSecret(grade, 'quoted', read.slice(start, end))) return hide(scan, start, end, REDACTED);
  if (NAMES_VALUE.test(text)) nameValue(scan, read.slice(opening + 1, end));
  return opening + 1;
}

/** What stands behind a name and a separator. @returns where reading goes on */
function valueBehind(scan: Scan, name: Announcer, separator: number, from: number): number {
  const { read, rules } = scan;
  let start = read.run(from, BLANK, MOST_BLANKS);
  // In JSON a value may stand on the next line.
  if (name.quoted) while (read.is(start, LINE_END) && read.at(start) > 0) start = read.run(start + 1, BLANK);
  const isQuote = read.is(start, QUOTE);
  const isList = read.at(start) === OPENING_LIST && name.quoted;
  const isField = name.quoted && read.is(name.at.from - 1, QUOTE);
  if (rules.spoken && isField && (isSpoken(name.text) || areTokenIds(name.text) || (scan.speaks && NAMED_VALUE.test(name.text)))) {
    if (isList) return hideList(scan, start, 'spoken', name.text);
    if (isQuote) return hideString(scan, start, 'spoken');
  }
  const grade = gradeHere(scan, name);
  if (isQuote) return quotedValue(scan, name, grade, start);
  if (NAMES_VALUE.test(name.text) && !isList) nameValue(scan, read.slice(start, bareEnd(scan, start)));
  // An object says what it holds field by field.
  if (grade === 'none' || (name.quoted && read.at(start) === OPENING_OBJECT)) return from;
  if (isList) return grade === 'secret' ? hideList(scan, start, 'secret', name.text) : from;
  if (read.at(separator) === COLON && (IN_SCHEMES.test(name.text) || COOKIES.test(name.text))) return header(scan, name.text, start);
  const isProse = read.at(separator) === COLON && !name.quoted;
  const form: Form = name.inQuery ? 'query' : isProse ? 'colon' : 'assigned';
  const end = grade === 'secret' && isIniLine(scan, name, separator, start) ? lineEnd(scan, start) : bareEnd(scan, start);
  if (end <= start || !isSecret(grade, form, read.slice(start, end))) return from;
  return hide(scan, start, end, !name.quoted || read.at(separator) !== COLON ? REDACTED : inQuotesOf(scan, name));
}

/** In JSON a value without quotes is a number; what stands in its place is a string, in the quotes that its name stands in. */
function inQuotesOf({ source, view }: Scan, { at }: Announcer): string {
  const quote = source.slice(view.sourceOf(at.end), view.sourceOf(at.end + 1));
  return quote + REDACTED + quote;
}

/** A line of an ini file, `name = several words`: its value goes to the end of the line. */
function isIniLine({ read }: Scan, { at, quoted }: Announcer, separator: number, start: number): boolean {
  const begins = at.from === 0 || read.is(at.from - 1, LINE_END);
  return begins && !quoted && read.at(separator) === EQUALS && read.is(separator - 1, BLANK) && start > separator + 1;
}

/** A separator, and what stands behind it. @returns where reading goes on */
export function separator(scan: Scan, at: number): number {
  const { read } = scan;
  const code = read.at(at);
  const next = read.at(at + 1);
  // A comparison, and a name of C++.
  if ((code === EQUALS && next === EQUALS) || (code === COLON && next === COLON)) {
    scan.name = undefined;
    return at + 2;
  }
  const from = at + ((code === EQUALS && next === GREATER) || (code === COLON && next === EQUALS) ? 2 : 1);
  const name = nameBefore(scan, at);
  return name === undefined ? from : valueBehind(scan, name, at, from);
}
