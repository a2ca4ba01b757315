import type { Spec } from 'vega';

/** What the page hands to its script, as JSON. */
export interface PageData {
  /** The trace, in seconds: what the panels show at first and after a reset. */
  readonly window: readonly [number, number];
  /** All that is on the time axis, in seconds. */
  readonly extent: readonly [number, number];
  readonly tables: Readonly<Record<string, readonly object[]>>;
  readonly charts: readonly { readonly name: string; readonly spec: Spec }[];
}

const ESCAPES: Readonly<Record<string, string>> = {
  '<': '\\u003c',
  '>': '\\u003e',
  '&': '\\u0026',
  '\u2028': '\\u2028',
  '\u2029': '\\u2029',
};

/** JSON that can stand inside a script element: kernel names hold `<...>`, and nothing in a name may end the element. */
export const inlineJson = (data: PageData) => JSON.stringify(data).replace(/[<>&\u2028\u2029]/g, c => ESCAPES[c] ?? c);
