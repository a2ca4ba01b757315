import { statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { ForensicsError } from '#core/errors';
import type { Bytes } from '#core/units';
import type { ColumnMap } from '#input/mapped/columns';
import type { SeriesFile } from '#input/series/on-trace-clock';
import type { AnySeries } from '#schema/relation';
import { type MachineBeside, machineIn } from './machine-beside.ts';
import { isTimed, passable, readNamed } from './named-files.ts';
import { OWN_FILES } from './own-files.ts';
import { isRecording } from './recording.ts';
import type { Scratch } from './scratch.ts';
import { assertExists, filesIn, isNamedAsTrace, isTrace, tracesAmong } from './traces.ts';
import { looksLikeRequests } from './unknown-requests.ts';

/** Files named by hand; what is not named is looked for in the folder. */
export interface NamedFiles {
  readonly requests?: string | undefined;
  /** How the columns of `requests` are mapped, where the user says so. */
  readonly columns?: ColumnMap | undefined;
  readonly gpu?: readonly string[] | undefined;
  readonly host?: readonly string[] | undefined;
  /** Which trace of a folder, where it holds several. */
  readonly trace?: string | undefined;
}

/** Whether the user named a file of this kind, which then stands for those of the folder. */
const isNamed = (kind: AnySeries['kind'], named: NamedFiles): boolean => isTimed(kind) && named[kind] !== undefined;

export interface Inputs extends MachineBeside {
  /** `file` is what was given, `content` what it is opened from: unpacked or exported where it has to be. */
  readonly trace: {
    readonly file: string;
    readonly content: string;
    readonly path: string;
    readonly bytes: Bytes;
  };
  readonly files: readonly SeriesFile[];
}

/** How inputs are made readable, and who is told of what is not. */
export interface Reading {
  readonly scratch: Scratch;
  /** Told of files that are passed over. */
  readonly warn: (message: string) => void;
  /** Told of a file of the folder that cannot be read, which is then left out; without it such a file is an error. */
  readonly spare?: ((sentence: string) => void) | undefined;
}

/** Reads a file; one that cannot be read is told to `spare`, where there is one, and left out. */
async function attempt<T>(file: string, read: () => Promise<T>, spare: Reading['spare']): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (spare === undefined || !(error instanceof ForensicsError)) throw error;
    spare(`${basename(file)} was left out of the analysis: ${error.message}`);
    return undefined;
  }
}

/** The trace of a folder among its files. @throws ForensicsError not-a-trace, bad-argument */
function traceOf(folder: string, entries: readonly string[], named: string | undefined): string {
  const traces = tracesAmong(entries).filter(f => named === undefined || basename(f) === named);
  const [first, ...more] = traces;
  const spoilt = entries.find(isNamedAsTrace);
  if (first === undefined && named === undefined && spoilt !== undefined)
    throw new ForensicsError(
      'not-a-trace',
      `${basename(spoilt)} in ${folder} is named like a trace and is none: it is damaged or empty`,
      'Export or copy it again; or move it away, to analyze the files around it without a trace.',
    );
  if (first === undefined)
    throw new ForensicsError(
      'not-a-trace',
      `${folder} holds no trace: no SQLite export of Nsight Systems, no recording, and no trace of PyTorch's profiler`,
      'Name the trace, or a folder that holds it: subfolders are not searched.',
    );
  if (more.length > 0)
    throw new ForensicsError(
      'bad-argument',
      `${folder} holds ${traces.length} traces (${traces.map(t => basename(t)).join(', ')})`,
      'Name the one to analyze.',
    );
  return first;
}

const stemOf = (file: string) => basename(file).split('.')[0];

/** What lies in a folder around its trace, where it holds one, by content. @throws ForensicsError bad-argument where there are several load tests */
export async function besides(
  folder: string,
  trace: string | undefined,
  entries: readonly string[],
  named: NamedFiles,
  { scratch, warn, spare }: Reading,
): Promise<SeriesFile[]> {
  const found: SeriesFile[] = [];
  for (const entry of entries.filter(e => e !== trace && !isTrace(e) && !OWN_FILES.has(basename(e)))) {
    if (isRecording(entry)) {
      if (trace !== undefined && stemOf(entry) !== stemOf(trace)) warn(`passed over ${basename(entry)}: the folder holds an export`);
      continue;
    }
    const series = await attempt(entry, () => passable(entry, scratch, warn), spare);
    if (series === null) warn(`passed over ${basename(entry)}: no known format${looksLikeRequests(await scratch.plain(entry))}`);
    else if (series !== undefined && !isNamed(series.series.kind, named)) found.push(series);
  }
  const many = found.filter(f => f.series.kind === 'requests');
  if (many.length > 1)
    throw new ForensicsError(
      'bad-argument',
      `${folder} holds ${many.length} files of requests (${many.map(f => f.path).join(', ')})`,
      'Name the one to use with --requests.',
    );
  return found;
}

/** The files that the user named. */
export async function namedBesides(named: NamedFiles, { scratch, spare }: Pick<Reading, 'scratch' | 'spare'>): Promise<SeriesFile[]> {
  const found: SeriesFile[] = [];
  for (const kind of ['requests', 'gpu', 'host'] as const)
    for (const name of [named[kind] ?? []].flat())
      found.push(...((await attempt(name, () => readNamed(name, kind, scratch, named.columns), spare)) ?? []));
  return found;
}

/**
 * Finds the trace and the files around it. A folder is searched by content, not by name.
 * @param path a trace, or a folder that holds one
 * @throws ForensicsError not-found, not-a-trace, unknown-format, bad-record, bad-argument; and as `Scratch.plain`
 */
export async function loadInputs(path: string, named: NamedFiles, reading: Reading): Promise<Inputs> {
  const { scratch, warn } = reading;
  assertExists(path);
  const entries = statSync(path).isDirectory() ? filesIn(path, warn) : undefined;
  const file = entries === undefined ? path : traceOf(path, entries, named.trace);
  const found = entries === undefined ? [] : await besides(dirname(file), file, entries, named, reading);
  const content = await scratch.trace(file);
  const trace = { file, content, path: basename(file), bytes: statSync(file).size };
  return { trace, files: [...found, ...(await namedBesides(named, reading))], ...machineIn(dirname(file)) };
}
