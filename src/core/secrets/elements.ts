import { NAME } from './characters.ts';
import { gradeOf } from './names.ts';
import { hide, REDACTED, type Scan } from './scan.ts';
import { isSecret } from './values.ts';

const LESS = 60;
const GREATER = 62;
const SLASH = 47;
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
