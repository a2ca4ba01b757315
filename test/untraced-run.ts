import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { NO_CORRECTION, runAnalysis } from '#app/analyze/run-analysis';
import type { Report } from '#schema/report';

const FIXTURES = resolve(import.meta.dirname, '../fixtures');

/** What lies beside the trace of a fixture, or of a folder by its absolute path. */
export const beside = (fixture: string) => {
  const named = (file: string) => {
    const path = join(resolve(FIXTURES, fixture), file);
    return existsSync(path) ? path : undefined;
  };
  const list = (file: string | undefined) => (file === undefined ? undefined : [file]);
  return { requests: named('requests.jsonl'), gpu: list(named('gpu.csv')), host: list(named('host.csv')) };
};

/** What `forensics analyze --requests R --gpu G --host H` says of a fixture without its trace. @param left files that are left out as well */
export const untraced = (fixture: string, left: readonly ('requests' | 'gpu' | 'host')[] = []): Promise<Report> =>
  runAnalysis(undefined, { ...beside(fixture), ...Object.fromEntries(left.map(kind => [kind, undefined])) }, NO_CORRECTION, () => {});

/** Numbers that JSON would round are kept as they are written. */
const shifted = (line: string, ns: bigint, run: number): string =>
  line
    .replace(/("\w+_ns": ?)(\d+)/g, (_, name: string, digits: string) => `${name}${BigInt(digits) + ns}`)
    .replace(/"id": ?("?)([^",]+)"?/, (_, __, id: string) => `"id": "${run}-${id}"`);

/**
 * The load test and the host's samples of a fixture several times over, as if it had happened again and again: what came once may be chance.
 * @param folder is made; holds requests.jsonl and host.csv then
 */
export function writeRepeated(fixture: string, folder: string, times: number): void {
  mkdirSync(folder, { recursive: true });
  const lines = (file: string) =>
    readFileSync(join(FIXTURES, fixture, file), 'utf8')
      .trimEnd()
      .split('\n');
  const [head = '', ...host] = lines('host.csv');
  const rows = host.map(row => row.split(',').map(BigInt));
  const [first = [], last = []] = [rows[0], rows.at(-1)];
  const step = (rows[1]?.[0] ?? 0n) - (first[0] ?? 0n);
  const length = (last[0] ?? 0n) - (first[0] ?? 0n) + step;
  const requests = lines('requests.jsonl');
  const runs = Array.from({ length: times }, (_, run) => run);
  const grown = (value: bigint, column: number, run: bigint) =>
    value + run * (column === 0 ? length : isState(head, column) ? 0n : (last[column] ?? 0n) - (first[column] ?? 0n));
  const samples = runs.flatMap(run => rows.map(row => row.map((value, column) => grown(value, column, BigInt(run))).join(',')));
  writeFileSync(join(folder, 'host.csv'), `${[head, ...samples].join('\n')}\n`);
  writeFileSync(
    join(folder, 'requests.jsonl'),
    `${runs.flatMap(run => requests.map(r => shifted(r, BigInt(run) * length, run))).join('\n')}\n`,
  );
}

/** Columns that are states, not counts. */
const isState = (head: string, column: number): boolean =>
  ['procs_running', 'procs_blocked', 'mem_available_kb'].includes(head.split(',')[column] ?? '');
