import type { TraceSource } from '#trace/source';

/** Rows of relations and answers to queries, by their names; what is left out was not recorded. */
interface Held {
  readonly relations?: Readonly<Record<string, readonly Readonly<Record<string, number>>[]>>;
  readonly answers?: Readonly<Record<string, readonly unknown[]>>;
  readonly names?: Readonly<Record<number, string>>;
}

/** A trace that holds so much. A process is numbered as the operating system does, times 2^24. */
export function traceOf({ relations = {}, answers = {}, names = {} }: Held): TraceSource {
  const source = {
    missing: (name: string) => (name in relations ? undefined : `no ${name} was recorded`),
    ask: (name: string) => (name in answers ? { ok: true, rows: answers[name] } : { ok: false, missing: [] }),
    scan: (relation: string, columns: readonly string[]) => {
      const rows = relations[relation] ?? [];
      return { n: rows.length, ...Object.fromEntries(columns.map(c => [c, columnOf(c, rows)])) };
    },
    isChecked: true,
    recorder: { format: 'nsys-sqlite', product: 'NVIDIA Nsight Systems', version: '2025.3.2.0', schema: '3.20.3', isNewer: false },
    damaged: () => [],
    names: (ids: Iterable<number>) => new Map([...ids].flatMap(id => (names[id] === undefined ? [] : [[id, names[id]] as const]))),
    pidOf: (globalPid: number) => globalPid / 2 ** 24,
  };
  return source as unknown as TraceSource;
}

const columnOf = (name: string, rows: readonly Readonly<Record<string, number>>[]) => {
  const values = rows.map(r => r[name] ?? Number.NaN);
  return name.endsWith('_ns') || name === 'global_pid' ? Float64Array.from(values) : Int32Array.from(values);
};
