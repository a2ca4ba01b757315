import { shownName } from '#core/secrets/labels';
import { type EvidenceName, evidence, type Row } from '#trace/queries/index.gen';

/** A row in which bytes stand for no text: a name that is none is a name that was not recorded, and costs no more than that. */
const withoutBytes = (row: object): object =>
  Object.fromEntries(Object.entries(row).map(([column, value]) => [column, Buffer.isBuffer(value) ? null : value]));

/** A row whose texts hold no tokens: names of functions are as foreign as labels. */
function withoutTokens(row: object): object {
  const entries = Object.entries(row);
  const isClean = entries.every(([, value]) => typeof value !== 'string' || shownName(value) === value);
  return isClean
    ? row
    : Object.fromEntries(entries.map(([column, value]) => [column, typeof value === 'string' ? shownName(value) : value]));
}

/** The rows of an answer that are what its header says. */
export function answerRows<N extends EvidenceName>(name: N, rows: readonly unknown[]): readonly Row<N>[] {
  const isRow = (row: unknown) => evidence[name].row.safeParse(row).success;
  const good = rows.flatMap(row => {
    if (typeof row !== 'object' || row === null) return [];
    const read = isRow(row) ? row : withoutBytes(row);
    return isRow(read) ? [withoutTokens(read)] : [];
  });
  // What the schema of this name has just let pass is a row of this name.
  return good as unknown as readonly Row<N>[];
}
