import { badRecord } from './bad-record.ts';
import { whereNoJson } from './json-error.ts';
import { type Text, whole } from './text.ts';

/** Longer than any summary that a tool writes; a larger document is of another kind. */
const LONGEST = 32 * 2 ** 20;

/**
 * A small JSON document as a whole: a summary or a state, where a part of it would say something else. One that is cut off is refused.
 * @throws ForensicsError 'bad-record'
 */
export const smallJson = (text: Text, source: string, hint: string): unknown => {
  const json = whole(text, source).replace(/^\ufeff/, '');
  if (json.length > LONGEST) throw badRecord({ source }, `the document has ${json.length} characters, too many for a summary`, hint);
  try {
    return JSON.parse(json);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw badRecord({ source }, `it is not a whole JSON document (${whereNoJson(json, error)})`, hint);
  }
};
