import { BLANK, isIn, LINE_END, LOGIN, NAME, QUOTE, VALUE_END } from './characters.ts';
import { gradeOf } from './names.ts';
import { hide, REDACTED, type Scan } from './scan.ts';
import { bareEnd, isSecret, stringEnd } from './values.ts';

const DASH = 45;
const COMMA = 44;
/** So many blanks may stand behind an option; more are a table's. */
const MOST_BLANKS = 32;
const LONGEST_NAME = 128;

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
  const name = read.slice(from, Math.min(end, from + LONGEST_NAME));
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
