import type { TopLevelSpec } from 'vega-lite';
import type { z } from 'zod';
import type { Report } from '#schema/report';

export type Row = Readonly<Record<string, string | number | boolean | null>>;

/** Typed rows under a name. A chart's spec refers to them by that name; the page lists them under `columns`. */
export interface Table<Of = Report> {
  readonly name: string;
  readonly fields: readonly string[];
  /** Heading of each listed field, with its unit. */
  readonly columns: Readonly<Record<string, string>>;
  readonly rows: (report: Of) => readonly Row[];
}

/** Checks every row against its schema: a chart over a misspelt field would stay silently empty. */
export function defineTable<Shape extends z.ZodRawShape, Of = Report>(table: {
  name: string;
  schema: z.ZodObject<Shape>;
  columns: { readonly [Field in keyof NoInfer<Shape>]?: string };
  rows: (report: Of) => readonly z.infer<z.ZodObject<Shape>>[];
}): Table<Of> {
  const parse = (row: unknown): Row => table.schema.parse(row) as Row;
  return {
    name: table.name,
    fields: Object.keys(table.schema.shape),
    columns: table.columns as Readonly<Record<string, string>>,
    rows: report => table.rows(report).map(parse),
  };
}

/** One layer of a layered Vega-Lite spec. */
export type Layer = Extract<TopLevelSpec, { layer: unknown }>['layer'][number];

/** Of a report, or of another result that is drawn. */
export interface Chart<Of = Report> {
  readonly name: string;
  readonly title: string;
  /** How to read it, in one sentence. */
  readonly reading: string;
  /** What this report's data show, where the picture alone could mislead: a sentence. */
  readonly said?: (report: Of) => string;
  /** The first is the one that is listed beside the chart. */
  readonly tables: readonly [Table<Of>, ...Table<Of>[]];
  /** Order in which that one is listed; as it is drawn, where it is not given. */
  readonly listed?: (a: Row, b: Row) => number;
  /** Rows that are listed however many they are. */
  readonly listedWhole?: (row: Row) => boolean;
  readonly spec: TopLevelSpec;
  /** Another constant spec for data that the first would draw badly. */
  readonly other?: { readonly spec: TopLevelSpec; readonly when: (report: Of) => boolean };
  /** Values of the spec's params. Domains are params where the rows of a layer may be none, which Vega warns of. */
  readonly params?: (report: Of) => Readonly<Record<string, number>>;
  readonly height: (report: Of) => number;
  /** Room for axes. Fixed, so that panels line up whatever their labels are. */
  readonly margin: { readonly left: number; readonly bottom: number };
  /** Why there is nothing to draw, or null. */
  readonly absent: (report: Of) => string | null;
  /** What a reader who cannot see the chart should know. */
  readonly describe: (report: Of) => string;
}

/** No chart draws more marks of one kind than this, whatever the report holds. */
export const MOST_MARKS = 4_500;

/** Evenly thinned; the last row stays, as lines end there. */
export function thin<T>(rows: readonly T[], most: number): readonly T[] {
  if (rows.length <= most) return rows;
  const step = Math.ceil(rows.length / most);
  return rows.filter((_, i) => i % step === 0 || i === rows.length - 1);
}

/** Thinned for each key apart: rows of several GPUs take turns, and an even step over all of them could drop one whole. */
export function thinEach<T>(rows: readonly T[], most: number, keyOf: (row: T) => string): readonly T[] {
  const keys = [...new Set(rows.map(keyOf))];
  return keys.flatMap(key =>
    thin(
      rows.filter(row => keyOf(row) === key),
      Math.ceil(most / keys.length),
    ),
  );
}

/** Rounded for the page: a chart cannot show more, and shorter digits make smaller files. */
export const round = (value: number, decimals: number) => Number(value.toFixed(decimals));
export const inSeconds = (ms: number) => round(ms / 1000, 4);
