import { queryInfo } from '#app/query/catalogue';
import type { Job } from '#app/query/protocol';
import { ForensicsError } from '#core/errors';
import type { EvidenceName } from '#trace/queries/index.gen';
import { parseParams, queryNamed } from './params.ts';

/** What the command line of `forensics query` says. */
export interface QueryWords {
  readonly first?: string | undefined;
  readonly second?: string | undefined;
  readonly sql?: string | undefined;
  readonly list: boolean;
  readonly describe: boolean;
  readonly relations: boolean;
  readonly param: readonly string[];
  readonly limit?: number | undefined;
}

/** What is meant by it. */
export type Request =
  | { readonly kind: 'list' }
  | { readonly kind: 'relations' }
  | { readonly kind: 'describe'; readonly name: EvidenceName }
  | { readonly kind: 'ask'; readonly job: Job };

/** Rows shown of an answer that has no limit of its own. */
const MOST_ROWS = 1000;
const ALL_ROWS = 1_000_000_000;

const badArgument = (message: string, hint: string) => new ForensicsError('bad-argument', message, hint);

function sqlRequest({ first, second, sql = '', param, limit = MOST_ROWS }: QueryWords): Request {
  if (first === undefined) throw badArgument('--sql needs a trace to ask', "Write `forensics query --sql 'SELECT …' TRACE`.");
  if (second !== undefined) throw badArgument(`--sql takes one trace, not also ${second}`, 'Leave out the name of the query.');
  if (param.length > 0) throw badArgument('--param has no meaning for --sql', 'Write the values into the SQL.');
  return { kind: 'ask', job: { kind: 'sql', sql, trace: first, limit } };
}

/**
 * Makes sense of the command line.
 * @throws ForensicsError bad-argument
 */
export function requestOf(words: QueryWords): Request {
  const { first, second, sql, describe, relations, list, param, limit } = words;
  if (relations) return { kind: 'relations' };
  if (sql !== undefined) return sqlRequest(words);
  if (list || first === undefined) {
    if (describe || param.length > 0) throw badArgument('no query is named', '`forensics query --list` shows them all.');
    return { kind: 'list' };
  }
  const name = queryNamed(first);
  const params = parseParams(name, param);
  if (describe) return { kind: 'describe', name };
  if (second === undefined) {
    if (param.length > 0) throw badArgument(`no trace is named for ${name}`, `Write \`forensics query ${name} TRACE --param …\`.`);
    return { kind: 'describe', name };
  }
  const top = params['top'] ?? queryInfo(name).params.find(p => p.name === 'top')?.default;
  // A negative LIMIT is none, as in SQL.
  const rows = typeof top !== 'number' ? MOST_ROWS : top < 0 ? ALL_ROWS : top;
  return { kind: 'ask', job: { kind: 'named', name, params, trace: second, limit: limit ?? rows } };
}
