import { valueAt } from '#core/columns';

/** Classes of ASCII characters, as bits: a character may be in several, and one beyond ASCII is in none. */
export const DIGIT = 1;
export const HEX = 2;
export const LETTER_OR_DIGIT = 4;
/** `\w` of regular expressions. */
export const WORD = 8;
/** Names of variables, options, headers, tags, hosts and files. */
export const NAME = 16;
/** The part of a login before its @. */
export const LOGIN = 32;
/** What tokens of HTTP consist of (RFC 6750 §2.1, b64token). */
export const B64TOKEN = 64;
export const BLANK = 128;
export const QUOTE = 256;
/** Ends of lines, and NUL, which ends an argument or an entry of an environment. */
export const LINE_END = 512;
/** What ends a value that stands in no quotes. */
export const VALUE_END = 1024;
/** What ends the authority of a URL (RFC 3986 §3.2). */
export const AUTHORITY_END = 2048;
/** What ends one part of a path, as paths stand in messages. */
export const PART_END = 4096;

const ASCII = 128;
const CLASSES = new Uint16Array(ASCII);
const put = (characters: string, classes: number) => {
  for (let i = 0; i < characters.length; i++) {
    const code = characters.charCodeAt(i);
    CLASSES[code] = valueAt(CLASSES, code) | classes;
  }
};
const DIGITS = '0123456789';
const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
put(DIGITS, DIGIT);
put(`${DIGITS}abcdefABCDEF`, HEX);
put(DIGITS + LETTERS, LETTER_OR_DIGIT | WORD | NAME | LOGIN | B64TOKEN);
put('_', WORD | NAME | LOGIN | B64TOKEN);
put('.-', NAME | LOGIN | B64TOKEN);
put('+', LOGIN | B64TOKEN);
put('~/=', B64TOKEN);
put(' \t', BLANK | VALUE_END | AUTHORITY_END | PART_END);
put('\n\r\0', LINE_END | VALUE_END | AUTHORITY_END | PART_END);
put('\f\v', VALUE_END | AUTHORITY_END | PART_END);
put('"\'`', QUOTE | VALUE_END | AUTHORITY_END | PART_END);
put(',;&<>', VALUE_END);
put('/?#<>\\', AUTHORITY_END);
put('/\\:;,<>()[]{}|=&?*', PART_END);

/** Whether a character is in one of the classes; -1, which stands for none, is in no class. */
export const isIn = (code: number, classes: number): boolean => code >= 0 && code < ASCII && (valueAt(CLASSES, code) & classes) !== 0;
