import { BLANK, isIn, LINE_END, LOGIN, NAME, QUOTE, VALUE_END } from './characters.ts';
import { areTokenIds, type Grade, gradeInQuery, gradeOf, isSpoken, isSpokenAttribute } from './names.ts';
import { hide, type Name, REDACTED, type Scan } from './scan.ts';
import { bareEnd, type Form, hideList, hideString, isSecret, stringEnd } from './values.ts';

const COLON = 58;
const EQUALS = 61;
const GREATER = 62;
const DASH = 45;
const COMMA = 44;
const CLOSING_BRACKET = 93;
const OPENING_LIST = 91;
const LESS = 60;
const SLASH = 47;
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
  if (rules.spoken && name.quoted && (isSpoken(name.text) || areTokenIds(name.text) || (scan.speaks && NAMED_VALUE.test(name.text)))) {
    if (isList) return hideList(scan, start, 'spoken', name.text);
    if (isQuote) return hideString(scan, start, 'spoken');
  }
  const grade = gradeHere(scan, name);
  if (isQuote) return quotedValue(scan, name, grade, start);
  if (NAMES_VALUE.test(name.text) && !isList) nameValue(scan, read.slice(start, bareEnd(scan, start)));
  if (grade === 'none') return from;
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

const LOGIN_OPTION = /^(?:u|user|proxy-user)$/;
const NUMBERS = /^[\d.:]+$/;

/** An option of a command line, `--name value` or `"--name", "value"`; `--name=value` is left to its separator. */
export function option(scan: Scan, at: number): number {
  const { read } = scan;
  const before = read.at(at - 1);
  if (isIn(before, NAME | LOGIN)) return at + 1;
  const from = read.at(at + 1) === DASH ? at + 2 : at + 1;
  const end = read.run(from, NAME);
  if (end === from) return Math.max(from, end);
  scan.name = { from, end };
  const name = read.slice(from, Math.min(end, from + 128));
  const grade = gradeOf(name);
  const isLogin = LOGIN_OPTION.test(name);
  if (grade === 'none' && !isLogin) return end;
  const start = argumentAfter(scan, end);
  if (start === undefined || read.at(start) === DASH) return end;
  const opened = read.is(start - 1, QUOTE);
  const stop = opened ? stringEnd(scan, start - 1) : read.at(start - 1) === 0 ? read.until(start, LINE_END) : bareEnd(scan, start);
  const value = read.slice(start, stop);
  if (isLogin ? value.includes(':') && !NUMBERS.test(value) && isSecret('secret', 'option', value) : isSecret(grade, 'option', value))
    return hide(scan, start, stop, REDACTED);
  return end;
}

/** Where the argument behind an option begins, past its opening quote. */
function argumentAfter({ read }: Scan, end: number): number | undefined {
  if (read.at(end) === 0) return end + 1;
  let at = end;
  if (read.is(at, QUOTE) && read.at(at + 1) === COMMA) at += 2;
  else if (!read.is(at, BLANK)) return undefined;
  at = read.run(at, BLANK, MOST_BLANKS);
  if (read.is(at, QUOTE)) return at + 1;
  return at > end && !read.is(at, VALUE_END) ? at : undefined;
}

const LONGEST_TAG = 1024;
const CDATA = '<![CDATA[';
const CDATA_END = ']]>';

/** An element of XML whose name announces its text. */
export function element(scan: Scan, at: number): number {
  const { read } = scan;
  const end = read.run(at + 1, NAME);
  const name = read.slice(at + 1, end);
  if (!['secret', 'likely'].includes(gradeOf(name))) return at + 1;
  let close = end;
  while (close - end < LONGEST_TAG && read.at(close) !== GREATER && read.at(close) > 0 && read.at(close) !== LESS) close += 1;
  if (read.at(close) !== GREATER || read.at(close - 1) === SLASH) return at + 1;
  const isData = read.has(CDATA, close + 1);
  const from = isData ? close + 1 + CDATA.length : close + 1;
  let stop = from;
  if (isData) for (let code = read.at(stop); code > 0 && !read.has(CDATA_END, stop); ) code = read.at(++stop);
  else for (let code = read.at(stop); code > 0 && code !== LESS; ) code = read.at(++stop);
  const text = read.slice(from, stop);
  // Data that is cut off is no less private.
  const isElement = isData || read.has(`</${name}>`, stop);
  return isElement && text.trim() !== '' && isSecret('secret', 'quoted', text) ? hide(scan, from, stop, REDACTED) : close + 1;
}
