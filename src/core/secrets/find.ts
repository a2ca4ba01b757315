import { separator } from './announced.ts';
import { AUTHORITY_END, B64TOKEN, BLANK, isIn, LETTER_OR_DIGIT, NAME, VALUE_END, WORD } from './characters.ts';
import { decoded } from './decoded.ts';
import { element } from './elements.ts';
import { colonsEnd, folderEnd, homeEnd, ipv4End, isInternalHost, loginEnd, serial, unameHost } from './identities.ts';
import { option } from './options.ts';
import { Reader } from './reader.ts';
import { hide, REDACTED, type Rules, type Scan } from './scan.ts';
import { privateKeyEnd, tokenEnd } from './token-shapes.ts';
import { isSecret } from './values.ts';

const COLON = 58;
const EQUALS = 61;
const SLASH = 47;
const DASH = 45;
const LESS = 60;
const AT = '@';
const CLOSING_OBJECT = 125;

/** Paths that are passwords, by the hosts whose webhooks they are. */
const HOOKS: readonly (readonly [host: RegExp, path: string])[] = [
  [/^hooks\.slack(?:-gov)?\.com$/i, '/services/'],
  [/^hooks\.slack(?:-gov)?\.com$/i, '/workflows/'],
  [/^hooks\.slack(?:-gov)?\.com$/i, '/triggers/'],
  [/^(?:\w+\.)?discord(?:app)?\.com$/i, '/api/webhooks/'],
  [/(?:^|\.)(?:webhook\.office|outlook\.office)\.com$/i, '/webhook'],
  [/^api\.telegram\.org$/i, '/bot'],
  [/^hooks\.zapier\.com$/i, '/hooks/'],
  [/^maker\.ifttt\.com$/i, '/'],
];
const LONGEST_HOOK = 64;

/** What follows the host of a webhook; undefined where the word is none. */
function hookEnd({ read }: Scan, from: number, end: number): { readonly from: number; readonly end: number } | undefined {
  if (read.at(end) !== SLASH || end - from > LONGEST_HOOK) return undefined;
  const host = read.slice(from, end);
  const path = HOOKS.find(([pattern, start]) => pattern.test(host) && read.has(start, end))?.[1];
  if (path === undefined) return undefined;
  const start = end + path.length;
  const stop = read.until(start, VALUE_END);
  return stop > start ? { from: start, end: stop } : undefined;
}

/** What names of schemes of HTTP announce without a header: only what looks like a token, for `basic` is a word. */
function scheme(scan: Scan, word: string, end: number): number | undefined {
  if (!/^(?:bearer|basic)$/i.test(word) || !scan.read.is(end, BLANK)) return undefined;
  const from = scan.read.run(end, BLANK);
  const stop = scan.read.run(from, B64TOKEN);
  const value = scan.read.slice(from, stop);
  const isToken = value.length >= 6 && (/\d/.test(value) || /[a-z][A-Z]|[+/=~]/.test(value) || value.length >= 24);
  return isToken && isSecret('secret', 'assigned', value) ? hide(scan, from, stop, REDACTED) : undefined;
}

/** Who and where: what begins at a word. */
function identity(scan: Scan, at: number): number | undefined {
  const { read, rules } = scan;
  const strict = rules.identities === 'labels';
  const marked = serial(read, at, rules.serials);
  if (marked !== undefined) return hide(scan, at, marked.end, marked.instead);
  const uname = unameHost(read, at);
  if (uname !== undefined) return hide(scan, uname.from, uname.end, '<host>');
  const address = ipv4End(read, at) ?? colonsEnd(read, at);
  const login = address === undefined ? loginEnd(read, at, strict) : undefined;
  if (login !== undefined) return hide(scan, at, login, '<login>');
  if (address !== undefined) return hide(scan, at, address, '<address>');
  const home = homeEnd(read, at);
  return home === undefined ? undefined : hide(scan, at, home, '<home>');
}

/** A word and what it is: a token, someone, or a name of what follows. @returns where reading goes on */
function word(scan: Scan, at: number): number {
  const { read, rules } = scan;
  if (rules.identities !== 'none') {
    const someone = identity(scan, at);
    if (someone !== undefined) return someone;
  }
  if (at >= scan.runEnd) scan.runEnd = read.run(at, NAME);
  const end = scan.runEnd;
  for (let i = at; i < end; i++) {
    const token = isIn(read.at(i - 1), LETTER_OR_DIGIT) ? undefined : tokenEnd(read, i);
    if (token !== undefined) return hide(scan, i, token, REDACTED);
  }
  const hook = rules.announced ? hookEnd(scan, at, end) : undefined;
  if (hook !== undefined) return hide(scan, hook.from, hook.end, REDACTED);
  const isWhole = !isIn(read.at(at - 1), NAME) && read.at(at - 1) !== AT.charCodeAt(0);
  if (rules.identities !== 'none' && isWhole && isInternalHost(read.slice(at, Math.min(end, at + 254)), rules.identities === 'labels'))
    return hide(scan, at, end, '<host>');
  scan.name = { from: at, end };
  if (!rules.announced || end - at > 6) return end;
  return scheme(scan, read.slice(at, end), end) ?? end;
}

/** The login of a URL, behind `://`. A slash that was percent-encoded is part of it. */
function url(scan: Scan, at: number): number {
  const { read, view } = scan;
  const from = at + 3;
  const isEscaped = (i: number) => view.sourceOf(i + 1) - view.sourceOf(i) > 1;
  const wholeIsEscaped = isEscaped(at + 1);
  let end = read.until(from, AUTHORITY_END);
  while (!wholeIsEscaped && read.at(end) > 0 && isEscaped(end) && !read.is(end, BLANK)) end = read.until(end + 1, AUTHORITY_END);
  const mark = read.slice(from, end).lastIndexOf(AT);
  scan.name = undefined;
  if (mark <= 0) return from;
  return isSecret('secret', 'assigned', read.slice(from, from + mark)) ? hide(scan, from, from + mark, REDACTED) : from + mark;
}

/** What stands at a place between words. @returns where reading goes on */
function between(scan: Scan, at: number, code: number): number {
  const { read, rules } = scan;
  if (code === DASH) {
    const key = privateKeyEnd(read, at);
    if (key !== undefined) return hide(scan, at, key, REDACTED);
  }
  if (code === SLASH && rules.identities !== 'none') {
    const home = homeEnd(read, at);
    if (home !== undefined) return hide(scan, at, home, '<home>');
    const folder = rules.folders ? folderEnd(read, at) : undefined;
    if (folder !== undefined) return hide(scan, at, folder, '<folder>');
  }
  if (!rules.announced) return at + 1;
  if (code === CLOSING_OBJECT) {
    scan.named = 'none';
    scan.speaks = false;
  }
  if (code === COLON && read.has('://', at)) return url(scan, at);
  if (code === COLON || code === EQUALS) return separator(scan, at);
  if (code === DASH) return option(scan, at);
  return code === LESS ? element(scan, at) : at + 1;
}

function scanned(text: string, rules: Rules): Scan {
  const view = decoded(text);
  const scan: Scan = {
    read: new Reader(view.text),
    view,
    source: text,
    rules,
    found: [],
    name: undefined,
    runEnd: 0,
    named: 'none',
    speaks: false,
  };
  let at = 0;
  while (at < view.text.length) {
    const code = scan.read.at(at);
    at = isIn(code, WORD) ? word(scan, at) : between(scan, at, code);
  }
  return scan;
}

/** Something private: where it stands, and what to write in its place. */
export interface Found {
  readonly from: number;
  readonly end: number;
  readonly instead: string;
}

/** What is private in a text, in its order, and how many characters had to be looked at for it. */
export function findPrivate(text: string, rules: Rules): { readonly found: readonly Found[]; readonly steps: number } {
  const { found, read, view } = scanned(text, rules);
  return {
    found: found.map(({ from, end, instead }) => ({ from: view.sourceOf(from), end: view.sourceOf(end), instead })),
    steps: read.steps + text.length,
  };
}

/** A text with what is private replaced. */
export function hidePrivate(text: string, rules: Rules): string {
  const { found } = findPrivate(text, rules);
  if (found.length === 0) return text;
  const parts: string[] = [];
  let copied = 0;
  for (const { from, end, instead } of found) {
    parts.push(text.slice(copied, from), instead);
    copied = end;
  }
  return parts.join('') + text.slice(copied);
}

/** What names itself or shows by its shape: secrets, and no one. */
export const SECRETS: Rules = { announced: true, identities: 'none', serials: false, folders: false, spoken: false };

/** Home folders that a text leads through. */
export const homesIn = (text: string): string[] =>
  findPrivate(text, { ...SECRETS, announced: false, identities: 'all' }).found.flatMap(({ from, end, instead }) =>
    instead === '<home>' ? [text.slice(from, end)] : [],
  );

/** Secrets of a text, as they stand in it: values whose names announce them, logins of URLs, tokens by their shape. */
export const secretsIn = (text: string): string[] => findPrivate(text, SECRETS).found.map(({ from, end }) => text.slice(from, end));
