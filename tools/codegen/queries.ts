import { readdirSync, readFileSync } from 'node:fs';
import { parseSqlHeader, type SqlHeader } from '#trace/queries/sql-header';

/** A file of queries/ with its contract. */
export interface Query {
  readonly name: string;
  readonly file: string;
  readonly header: SqlHeader;
}

/** The queries of one folder in queries/, by name. */
export function queriesOf(root: URL, folder: 'prelude' | 'evidence'): Query[] {
  return readdirSync(new URL(`queries/${folder}/`, root))
    .filter(f => f.endsWith('.sql'))
    .sort()
    .map(f => {
      const file = `${folder}/${f}`;
      return {
        name: f.slice(0, -'.sql'.length),
        file,
        header: parseSqlHeader(`queries/${file}`, readFileSync(new URL(`queries/${file}`, root), 'utf8')),
      };
    });
}
