import { statSync } from 'node:fs';
import { basename } from 'node:path';
import { ForensicsError } from '#core/errors';
import type { ColumnMap } from '#input/mapped/columns';
import { readMapped } from '#input/mapped/read-mapped';
import type { SeriesFile } from '#input/series/on-trace-clock';
import type { AnySeries } from '#schema/relation';
import { OWN_FILES } from './own-files.ts';
import { readSeries } from './read-series.ts';
import { isRecording } from './recording.ts';
import type { Scratch } from './scratch.ts';
import { hashOf, textOf } from './text-file.ts';
import { assertExists, filesIn, isTrace } from './traces.ts';
import { unknownFile } from './unknown-file.ts';
import { unknownRequests } from './unknown-requests.ts';

/** Kinds of series that can be laid over a trace. */
export type SeriesKind = 'requests' | 'gpu' | 'host';
export const isTimed = (kind: AnySeries['kind']): kind is SeriesKind => kind === 'requests' || kind === 'gpu' || kind === 'host';

/** A file of a folder that nobody named: what is in no format that is read here is passed over, with a word. @returns null where no format knows it */
export async function passable(file: string, scratch: Scratch, warn: (message: string) => void): Promise<SeriesFile | null | undefined> {
  try {
    return readSeries(file, await scratch.plain(file)) ?? null;
  } catch (error) {
    if (!(error instanceof ForensicsError) || error.code !== 'unknown-format') throw error;
    warn(`passed over ${basename(file)}: ${error.message}`);
    return undefined;
  }
}

/** All files of one kind that a folder holds. @throws ForensicsError unknown-format where there is none, bad-argument where only one can be used */
async function readFolder(folder: string, kind: SeriesKind, scratch: Scratch): Promise<readonly SeriesFile[]> {
  const found: SeriesFile[] = [];
  for (const file of filesIn(folder).filter(f => !isTrace(f) && !isRecording(f) && !OWN_FILES.has(basename(f)))) {
    const series = await passable(file, scratch, () => {});
    if (series?.series.kind === kind) found.push(series);
  }
  if (found.length === 0)
    throw new ForensicsError(
      'unknown-format',
      `the folder ${folder}, named with --${kind}, holds no file of ${kind} data in a format that is known here`,
      'Name the file itself; docs/formats.md lists the formats.',
    );
  if (kind === 'requests' && found.length > 1)
    throw new ForensicsError(
      'bad-argument',
      `the folder ${folder} holds ${found.length} files of requests (${found.map(f => f.path).join(', ')})`,
      'Name the one to use with --requests.',
    );
  return found;
}

/** A table of requests whose columns the user has mapped. */
async function readTable(file: string, columns: ColumnMap, scratch: Scratch): Promise<SeriesFile> {
  const series = readMapped(textOf(await scratch.plain(file), file), basename(file), columns);
  return { path: basename(file), sha256: hashOf(file), bytes: statSync(file).size, series };
}

/**
 * A file the user named, or a folder of such files: it must exist, be known, and be of the kind it was named as.
 * @param columns how a table of requests is mapped, whatever it looks like
 */
export async function readNamed(file: string, kind: SeriesKind, scratch: Scratch, columns?: ColumnMap): Promise<readonly SeriesFile[]> {
  assertExists(file);
  if (statSync(file).isDirectory()) return readFolder(file, kind, scratch);
  if (columns !== undefined && kind === 'requests') return [await readTable(file, columns, scratch)];
  const content = await scratch.plain(file);
  const series = readSeries(file, content);
  if (series === undefined && kind === 'requests') throw unknownRequests(file, content);
  if (series === undefined) throw unknownFile(file, content, kind);
  if (series.series.kind !== kind)
    throw new ForensicsError(
      'unknown-format',
      `${file} was named with --${kind}, but it holds ${series.series.kind} data`,
      isTimed(series.series.kind) ? `Name it with --${series.series.kind}.` : 'Nothing in it can be laid over a trace.',
    );
  return [series];
}
