import { valueAt } from '#core/columns';
import { isIn, QUOTE, VALUE_END } from './characters.ts';

/** A text as it reads without escapes, and where its characters stand in the text as it was given. */
export interface Decoded {
  readonly text: string;
  /** Where a character stands in the given text. */
  readonly sourceOf: (at: number) => number;
  /** Backslashes in front of a quote: it belongs to a string inside of so many others. */
  readonly depthOf: (quote: number) => number;
}

/** A character that was written in several. */
interface Escape {
  readonly character: string;
  readonly end: number;
  readonly depth?: number;
}

const ESCAPES = /[\\%&]/g;
/** Percent-encoding (RFC 3986 §2.1), once or several times over. */
const PERCENT = /%(?:25){0,4}([2-7][0-9a-f])/iy;
/** Entities of XML, once or several times over. */
const ENTITY = /&(?:amp;){0,4}(quot|apos|lt|gt|amp|#39|#34|#x27|#x22);/iy;
const ENTITIES: Readonly<Record<string, string>> = {
  quot: '"',
  apos: "'",
  lt: '<',
  gt: '>',
  amp: '&',
  '#39': "'",
  '#34': '"',
  '#x27': "'",
  '#x22': '"',
};
const BACKSLASHES = /\\+/y;
/** Escapes of JSON, C and Python for one character. */
const BY_NUMBER = /u00([2-7][0-9a-f])|x([2-7][0-9a-f])/iy;
const BY_LETTER: Readonly<Record<string, string>> = { n: '\n', r: '\n', t: '\t', '/': '/' };
const DRIVE = /(?:^|[^A-Za-z0-9])[A-Za-z]:$/;
const DEL = 0x7f;

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? undefined;
}

const ofCode = (hex: string): string | undefined => {
  const code = Number.parseInt(hex, 16);
  return code === DEL ? undefined : String.fromCharCode(code);
};

function percent(text: string, at: number): Escape | undefined {
  const match = matchAt(PERCENT, text, at);
  const character = match === undefined ? undefined : ofCode(match[1] ?? '');
  return match === undefined || character === undefined || character === '%' ? undefined : { character, end: at + match[0].length };
}

function entity(text: string, at: number): Escape | undefined {
  const match = matchAt(ENTITY, text, at);
  return match && { character: ENTITIES[(match[1] ?? '').toLowerCase()] ?? '&', end: at + match[0].length };
}

/** One or more backslashes and what they stand before. In a path of Windows they stand for themselves. */
function backslashes(text: string, at: number, inPath: boolean): Escape {
  const end = at + (matchAt(BACKSLASHES, text, at)?.[0].length ?? 1);
  const depth = end - at;
  const next = text.charAt(end);
  if (isIn(text.charCodeAt(end), QUOTE)) return { character: next, end: end + 1, depth };
  const byNumber = inPath ? undefined : matchAt(BY_NUMBER, text, end);
  const numbered = byNumber && ofCode(byNumber[1] ?? byNumber[2] ?? '');
  if (byNumber !== undefined && numbered !== undefined) return { character: numbered, end: end + byNumber[0].length, depth };
  const lettered = inPath ? undefined : BY_LETTER[next];
  return lettered === undefined ? { character: '\\', end } : { character: lettered, end: end + 1 };
}

const AS_IT_IS = (text: string): Decoded => ({ text, sourceOf: at => at, depthOf: () => 0 });

/** Where a path of Windows that begins here ends, or 0. */
function pathEnd(text: string, at: number): number {
  if (!DRIVE.test(text.slice(Math.max(0, at - 3), at))) return 0;
  let end = at;
  while (end < text.length && !isIn(text.charCodeAt(end), VALUE_END)) end += 1;
  return end;
}

/**
 * Undoes percent-encoding, entities of XML, and backslashes, strings inside of strings included, in one pass. What stands for a character is
 * one character then; what stands for none is left as it is.
 */
export function decoded(text: string): Decoded {
  ESCAPES.lastIndex = 0;
  if (!ESCAPES.test(text)) return AS_IT_IS(text);
  const parts: string[] = [];
  /** Places from which on the given text is so much further. */
  const places: number[] = [0];
  const sources: number[] = [0];
  const depths = new Map<number, number>();
  let copied = 0;
  let length = 0;
  let inPathUntil = 0;
  ESCAPES.lastIndex = 0;
  for (let match = ESCAPES.exec(text); match !== null; match = ESCAPES.exec(text)) {
    const at = match.index;
    if (match[0] === '\\' && at >= inPathUntil) inPathUntil = pathEnd(text, at);
    const sign = match[0] === '%' ? percent(text, at) : match[0] === '&' ? entity(text, at) : backslashes(text, at, at < inPathUntil);
    if (sign === undefined) continue;
    parts.push(text.slice(copied, at), sign.character);
    length += at - copied + 1;
    copied = sign.end;
    ESCAPES.lastIndex = sign.end;
    places.push(length);
    sources.push(sign.end);
    if (sign.depth !== undefined && isIn(sign.character.charCodeAt(0), QUOTE)) depths.set(length - 1, sign.depth);
  }
  parts.push(text.slice(copied));
  return { text: parts.join(''), sourceOf: sourceOf(places, sources), depthOf: quote => depths.get(quote) ?? 0 };
}

/** The last place at or before a character tells how far on it stands. */
const sourceOf = (places: readonly number[], sources: readonly number[]) => (at: number) => {
  let [low, high] = [0, places.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (valueAt(places, middle) <= at) low = middle;
    else high = middle - 1;
  }
  return valueAt(sources, low) + at - valueAt(places, low);
};
