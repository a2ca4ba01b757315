import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { ForensicsError } from '#core/errors';
import type { Bytes } from '#core/units';
import { importers } from '#input/formats/index.gen';
import { refusalOf } from '#input/formats/known-but-not-read';
import { HEAD_CHARS, recognise } from '#input/formats/recognise';
import type { SeriesFile } from '#input/series/on-trace-clock';
import type { AnySeries } from '#schema/relation';
import { System } from '#schema/system';
import { hashOf, headOf, textOf } from './text-file.ts';

/** Files named by hand; what is not named is looked for in the folder. */
export interface NamedFiles {
  readonly requests?: string | undefined;
  readonly gpu?: readonly string[] | undefined;
  readonly host?: readonly string[] | undefined;
  /** Which trace of a folder, where it holds several. */
  readonly trace?: string | undefined;
}
type SeriesKind = 'requests' | 'gpu' | 'host';

const isTimed = (kind: AnySeries['kind']): kind is SeriesKind => kind === 'requests' || kind === 'gpu' || kind === 'host';
/** Whether the user named a file of this kind, which then stands for those of the folder. */
const isNamed = (kind: AnySeries['kind'], named: NamedFiles): boolean => isTimed(kind) && named[kind] !== undefined;

export interface Inputs {
  readonly trace: { readonly file: string; readonly path: string; readonly sha256: Promise<string>; readonly bytes: Bytes };
  readonly files: readonly SeriesFile[];
  /** The machine, from the snapshot of a capture. */
  readonly system: System | undefined;
}

/** Files of our own beside a trace that hold no series. */
const OWN_FILES: ReadonlySet<string> = new Set([
  ...['case.json', 'journal.jsonl', 'system.json', 'monitor.json', 'nvlink.csv', 'xid.csv', 'truth.json', 'load.json', 'warm-up.jsonl'],
]);
/** Whether a file is a SQLite database, plain or gzipped, by its first bytes. */
export const isTrace = (file: string) => {
  const head = headOf(file, 16);
  return head.toString('latin1') === 'SQLite format 3\0' || (head[0] === 0x1f && head[1] === 0x8b);
};

/** Hashes a file on another core: a trace may have gigabytes, and the analysis need not wait for it. */
const HASHER = `
  const { createReadStream } = require('node:fs');
  const { parentPort, workerData } = require('node:worker_threads');
  const hash = require('node:crypto').createHash('sha256');
  createReadStream(workerData, { highWaterMark: 1 << 20 })
    .on('data', chunk => hash.update(chunk))
    .on('end', () => parentPort.postMessage(hash.digest('hex')))
    .on('error', error => { throw error; });
`;

export function fileHash(file: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(HASHER, { eval: true, workerData: file });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

/**
 * Reads a text file with the importer that knows its content, piece by piece: it may be larger than memory.
 * @throws ForensicsError bad-record; unknown-format for a format that is known, but not read here
 */
export function readSeries(file: string): SeriesFile | undefined {
  const head = headOf(file, HEAD_CHARS).toString('utf8');
  const importer = recognise(head, importers);
  if (importer === undefined) {
    const refusal = refusalOf(head, basename(file));
    if (refusal !== undefined) throw refusal;
    return undefined;
  }
  const series = importer.parse(textOf(file), basename(file));
  return { path: basename(file), sha256: hashOf(file), bytes: statSync(file).size, series };
}

function assertExists(path: string): void {
  if (!existsSync(path)) throw new ForensicsError('not-found', `${path} does not exist`, 'Check the path.');
}

/** A file the user named: it must exist, be known, and be of the kind it was named as. */
function readNamed(file: string, kind: SeriesKind): SeriesFile {
  assertExists(file);
  if (!statSync(file).isFile())
    throw new ForensicsError(
      'unknown-format',
      `${file}, named with --${kind}, is not a file`,
      'Name the file itself; a folder can stand in place of the trace.',
    );
  const series = readSeries(file);
  const known = importers.map(i => i.title).join('; ');
  if (series === undefined)
    throw new ForensicsError('unknown-format', `${file} is in no format that is known here`, `Known: ${known}. See docs/formats.md.`);
  if (series.series.kind !== kind)
    throw new ForensicsError(
      'unknown-format',
      `${file} was named with --${kind}, but it holds ${series.series.kind} data`,
      isTimed(series.series.kind) ? `Name it with --${series.series.kind}.` : 'Nothing in it can be laid over a trace.',
    );
  return series;
}

/** Reads a file; one that cannot be read is told to `spare`, where there is one, and left out. */
function attempt<T>(file: string, read: () => T, spare: ((sentence: string) => void) | undefined): T | undefined {
  try {
    return read();
  } catch (error) {
    if (spare === undefined || !(error instanceof ForensicsError)) throw error;
    spare(`${basename(file)} was left out of the analysis: ${error.message}`);
    return undefined;
  }
}

/** A file of a folder that nobody named: what is in no format that is read here is passed over, with a word. */
function passable(file: string, warn: (message: string) => void): SeriesFile | null | undefined {
  try {
    return readSeries(file) ?? null;
  } catch (error) {
    if (!(error instanceof ForensicsError) || error.code !== 'unknown-format') throw error;
    warn(`passed over ${basename(file)}: ${error.message}`);
    return undefined;
  }
}

/** The snapshot of the machine that a capture leaves beside its trace; one of another version is no loss. */
function systemBeside(trace: string): System | undefined {
  try {
    return System.safeParse(JSON.parse(readFileSync(join(dirname(trace), 'system.json'), 'utf8'))).data;
  } catch {
    return undefined;
  }
}

/**
 * Finds the trace and the files around it. A folder is searched by content, not by name.
 * @param path a trace, or a folder that holds one
 * @param warn told of files that are passed over
 * @param spare told of a file of the folder that cannot be read, which is then left out; without it such a file is an error
 * @throws ForensicsError not-found, not-a-trace, unknown-format, bad-record, bad-argument
 */
export async function loadInputs(
  path: string,
  named: NamedFiles,
  warn: (message: string) => void,
  spare?: (sentence: string) => void,
): Promise<Inputs> {
  assertExists(path);
  const found: SeriesFile[] = [];
  let file = path;
  if (statSync(path).isDirectory()) {
    const entries = readdirSync(path)
      .sort()
      .map(name => join(path, name))
      .filter(f => {
        // A link that leads nowhere is passed over like any file that is not known, but not silently.
        const stats = statSync(f, { throwIfNoEntry: false });
        if (stats === undefined) warn(`passed over ${basename(f)}: it leads nowhere`);
        return stats?.isFile() === true;
      });
    const traces = entries.filter(f => isTrace(f) && (named.trace === undefined || basename(f) === named.trace));
    if (traces.length === 0)
      throw new ForensicsError(
        'not-a-trace',
        `${path} holds no SQLite export of Nsight Systems`,
        'Export one into it with `nsys export --type sqlite`, or name the trace itself.',
      );
    if (traces.length > 1)
      throw new ForensicsError(
        'bad-argument',
        `${path} holds ${traces.length} traces (${traces.map(t => basename(t)).join(', ')})`,
        'Name the one to analyze.',
      );
    file = traces[0] ?? path;
    for (const entry of entries.filter(e => e !== file && !isTrace(e) && !OWN_FILES.has(basename(e)))) {
      const series = attempt(entry, () => passable(entry, warn), spare);
      if (series === null) warn(`passed over ${basename(entry)}: no known format`);
      else if (series !== undefined && !isNamed(series.series.kind, named)) found.push(series);
    }
    const many = found.filter(f => f.series.kind === 'requests');
    if (many.length > 1)
      throw new ForensicsError(
        'bad-argument',
        `${path} holds ${many.length} files of requests (${many.map(f => f.path).join(', ')})`,
        'Name the one to use with --requests.',
      );
  }
  for (const kind of ['requests', 'gpu', 'host'] as const)
    for (const name of [named[kind] ?? []].flat()) {
      const series = attempt(name, () => readNamed(name, kind), spare);
      if (series !== undefined) found.push(series);
    }
  const trace = { file, path: basename(file), sha256: fileHash(file), bytes: statSync(file).size };
  return { trace, files: found, system: systemBeside(file) };
}
