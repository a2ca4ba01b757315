import type { ErrorCode } from '#core/errors';
import type { EvidenceName } from '#trace/queries/index.gen';

/** What SQLite can answer with; integers beyond 2^53 are bigint. */
export type Value = string | number | bigint | null | Uint8Array;
export type Row = Readonly<Record<string, Value>>;
/** Values of a named query's parameters. */
export type ParamValues = Readonly<Record<string, string | number>>;

/** One question for the child process. */
export type Job = { readonly trace: string; readonly limit: number } & (
  | { readonly kind: 'named'; readonly name: EvidenceName; readonly params: ParamValues }
  | { readonly kind: 'sql'; readonly sql: string }
);

/** The child's one answer. Errors travel as data: a class does not survive the way between processes. */
export type Answer =
  | {
      readonly kind: 'rows';
      readonly columns: readonly string[];
      readonly rows: readonly Row[];
      readonly cut: boolean;
      readonly notes: readonly string[];
    }
  | { readonly kind: 'cannot-tell'; readonly missing: readonly string[] }
  | { readonly kind: 'failed'; readonly code: ErrorCode; readonly message: string; readonly hint: string }
  | { readonly kind: 'bug'; readonly stack: string };
