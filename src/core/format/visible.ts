/**
 * Characters that do something instead of showing something: C0 and C1 controls (ECMA-48), which move a terminal's cursor or rename its
 * window, and Unicode's marks of direction (UAX #9), which make text read in another order than it stands.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const ACTIVE = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;
const ESCAPES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };
const escaped = (c: string) => ESCAPES[c] ?? `\\u${(c.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`;

/** A text of a stranger on one line, with all that would act on a terminal written out. */
export const visible = (text: string): string => text.replace(ACTIVE, escaped);

/** Several lines of ours, which may hold a stranger's text: line ends stay, and so do the colours that we print. */
export const visibleLines = (text: string): string =>
  text
    .split('\n')
    .map(line =>
      line
        .split(COLOUR)
        .map((part, i) => (i % 2 === 1 ? part : visible(part)))
        .join(''),
    )
    .join('\n');

/** Select Graphic Rendition (ECMA-48 §8.3.117): colours and weight, the one sequence that is let through. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: it begins with one.
const COLOUR = /(\u001b\[\d{1,2}m)/;
