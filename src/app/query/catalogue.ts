import { type EvidenceName, evidence, prelude } from '#trace/queries/index.gen';
import type { SqlColumn, SqlParam } from '#trace/queries/sql-header';
import type { Row } from './protocol.ts';

/** An evidence query as its header declares it. */
export interface QueryInfo {
  readonly summary: string;
  readonly doc: string;
  readonly reads: readonly { readonly relation: string; readonly optional: boolean }[];
  readonly params: readonly SqlParam[];
  readonly columns: readonly SqlColumn[];
}

const QUERIES: Readonly<Record<EvidenceName, QueryInfo>> = evidence;
export const QUERY_NAMES = Object.keys(evidence) as EvidenceName[];
export const isQueryName = (name: string): name is EvidenceName => Object.hasOwn(evidence, name);
export const queryInfo = (name: EvidenceName): QueryInfo => QUERIES[name];

/** Every query with the sentence that says what it answers. */
export const queryRows = (): Row[] => QUERY_NAMES.map(name => ({ name, summary: queryInfo(name).summary }));

/** Every relation that SQL can name, one row for each column. */
export const relationRows = (): Row[] =>
  Object.entries(prelude).flatMap(([relation, { columns }]) =>
    columns.map(c => ({ relation, column: c.name, type: c.nullable ? `${c.type} or NULL` : c.type, meaning: c.doc })),
  );

/** A query's contract as data. */
export function describedQuery(name: EvidenceName): QueryInfo & { readonly name: string } {
  const { summary, doc, reads, params, columns } = queryInfo(name);
  return { name, summary, doc, reads, params, columns };
}
