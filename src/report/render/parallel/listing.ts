/** A table as text, before it becomes HTML or Markdown: both say the same. */
export interface Listing {
  readonly caption: string;
  readonly columns: readonly { readonly head: string; readonly numeric?: boolean; readonly prose?: boolean; readonly cause?: boolean }[];
  /** Not escaped: whoever renders them does that. Cells of a `cause` column hold a cause's id. */
  readonly rows: readonly (readonly string[])[];
}

export interface Field<Item> {
  readonly head: string;
  readonly text: (item: Item) => string;
  readonly numeric?: boolean;
  /** Sentences. */
  readonly prose?: boolean;
  /** Ids of causes. */
  readonly cause?: boolean;
}

export const listing = <Item>(caption: string, items: readonly Item[], fields: readonly Field<Item>[]): Listing => ({
  caption,
  columns: fields,
  rows: items.map(item => fields.map(field => field.text(item))),
});

/** Longer lists of sentences are for report.json. */
const TOLD = 12;

export const first = (lines: readonly string[]): readonly string[] =>
  lines.length <= TOLD ? lines : [...lines.slice(0, TOLD), `And ${lines.length - TOLD} more: see report.json.`];
