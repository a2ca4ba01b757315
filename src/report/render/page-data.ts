import type { Spec } from 'vega';

/** A table with its field names said once: half the size of as many objects. */
export interface Packed {
  readonly fields: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
}

/** What the page hands to its script, as JSON. */
export interface PageData {
  /** The trace, in seconds: what the panels show at first and after a reset. */
  readonly window: readonly [number, number];
  /** All that is on the time axis, in seconds. */
  readonly extent: readonly [number, number];
  readonly tables: Readonly<Record<string, Packed>>;
  readonly charts: readonly { readonly name: string; readonly spec: Spec }[];
}

export function packed(rows: readonly Readonly<Record<string, unknown>>[]): Packed {
  const fields = Object.keys(rows[0] ?? {});
  return { fields, rows: rows.map(row => fields.map(field => row[field])) };
}

export const unpacked = ({ fields, rows }: Packed): object[] =>
  rows.map(row => Object.fromEntries(fields.map((field, i) => [field, row[i]])));

const ESCAPES: Readonly<Record<string, string>> = {
  '<': '\\u003c',
  '>': '\\u003e',
  '&': '\\u0026',
  '\u2028': '\\u2028',
  '\u2029': '\\u2029',
};

/** JSON that can stand inside a script element: kernel names hold `<...>`, and nothing in a name may end the element. */
export const inlineJson = (data: PageData) => JSON.stringify(data).replace(/[<>&\u2028\u2029]/g, c => ESCAPES[c] ?? c);

/** Puts rows under their names. Vega marks the rows it is given, so that each chart needs its own. */
export function withRows(spec: Spec, rowsOf: (name: string) => readonly object[] | undefined): Spec {
  const data = (spec.data ?? []).map(source => {
    const values = rowsOf(source.name);
    return values === undefined ? source : { ...source, values };
  });
  return { ...spec, data: data as NonNullable<Spec['data']> };
}
