import type { EvidenceName, Params, PreludeName, prelude, Row } from '#trace/queries/index.gen';

type ColumnOf<R extends PreludeName> = (typeof prelude)[R]['columns'][number];

/** Columns of a relation that can be scanned. Of text take the id: name_id. */
export type ColumnName<R extends PreludeName> = Exclude<ColumnOf<R>, { readonly type: 'text' }>['name'];

type DataOf<Type> = Type extends 'int32' ? Int32Array : Float64Array;

/** One typed array per column, all of length n, as the relation's header types it. A NULL reads -1 in an int32 column, else NaN. */
export type Scan<R extends PreludeName, C extends ColumnName<R>> = { readonly n: number } & {
  readonly [K in C]: DataOf<Extract<ColumnOf<R>, { readonly name: K }>['type']>;
};

/** Rows of an evidence query, or why it has none: one sentence for each relation that is missing. */
export type Answer<N extends EvidenceName> =
  | { readonly ok: true; readonly rows: readonly Row<N>[] }
  | { readonly ok: false; readonly missing: readonly string[] };

/** Rows of a relation that cannot be right, by the first thing that is wrong with each; they are left out. */
export interface DamagedRows {
  readonly relation: PreludeName;
  /** All rows, and those that are used. */
  readonly rows: number;
  readonly kept: number;
  /** A value is no integer, or beyond what can be. */
  readonly malformed: number;
  /** The end lies before the start. */
  readonly reversed: number;
  /** It lies outside of the session. */
  readonly outside: number;
  /** It repeats another row in everything. */
  readonly repeated: number;
  /** So many that the relation counts as missing. */
  readonly isLost: boolean;
}

/** Who wrote a trace, as far as it says. */
export interface Recorder {
  readonly format: 'nsys-sqlite' | 'kineto-json';
  readonly product: string | undefined;
  readonly version: string | undefined;
  /** Version of its layout. */
  readonly schema: string | undefined;
  /** Whether that is newer than any that was looked at: what it calls otherwise is missing. */
  readonly isNewer: boolean;
}

/**
 * A trace as the analysis reads it, in the words of queries/prelude: a port. Whoever fills these relations can be analyzed: nsys' exports
 * (trace/nsys) and JSON of PyTorch's profiler (trace/kineto).
 */
export interface TraceSource {
  readonly recorder: Recorder;
  /** Why a relation has nothing to say, as a sentence, or undefined when it has rows. A relation that is there but empty is no evidence of health. */
  readonly missing: (name: PreludeName) => string | undefined;
  /** Few rows: the answer to an evidence query. */
  readonly ask: <N extends EvidenceName>(name: N, params?: Params<N>) => Answer<N>;
  /** Many rows: columns of a relation as typed arrays, in the order of the recording. */
  readonly scan: <R extends PreludeName, C extends ColumnName<R>>(relation: R, columns: readonly C[]) => Scan<R, C>;
  /** Whether all pages of the file were looked at; of a large one they are not. */
  readonly isChecked: boolean;
  /** Rows that were met so far and cannot be right. */
  readonly damaged: () => readonly DamagedRows[];
  /** Texts of the given name ids; an id without a text is left out. */
  readonly names: (ids: Iterable<number>) => ReadonlyMap<number, string>;
  /** What the operating system calls a process, by its number in the trace (global_pid), which tells processes of several machines apart. */
  readonly pidOf: (globalPid: number) => number;
}
