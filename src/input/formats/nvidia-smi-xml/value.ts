import { decimal } from '#input/text/decimal';

type Value = { readonly value: string | number | boolean; readonly unit: string } | { readonly error: string };

/** `Requested functionality has been deprecated` and the like say that there is nothing to know. */
const MISSING = /^(?:|N\/A|\[?N\/A\]?|None|\[?Not Supported\]?|Requested functionality has been deprecated|\[.*\])$/i;
/** These say that there is, and that it could not be had. */
const ERRORS = /^\[?(GPU is lost|GPU requires reset|Unknown Error|ERR!|Insufficient Permissions)\]?$/i;
const STATES: Readonly<Record<string, boolean>> = { active: true, 'not active': false, yes: true, no: false, true: true, false: false };
const QUANTITY = /^([+-]?[\d.]+) ?([a-zA-Z%][a-zA-Z%/()]{0,9})?$/;

/** What the text of an element says; undefined for nothing. A version stays text, though it may look like a number. */
export const readValue = (name: string, text: string): Value | undefined => {
  const error = ERRORS.exec(text)?.[1];
  if (error !== undefined) return { error };
  if (MISSING.test(text)) return undefined;
  const state = Object.hasOwn(STATES, text.toLowerCase()) ? STATES[text.toLowerCase()] : undefined;
  if (state !== undefined) return { value: state, unit: '' };
  const [, digits = '', unit = ''] = /version/.test(name) ? [] : (QUANTITY.exec(text) ?? []);
  const value = decimal(digits);
  return value === undefined ? { value: text, unit: '' } : { value, unit };
};
