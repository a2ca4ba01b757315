import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ForensicsError } from '#core/errors';
import { statsOf } from '#core/stats-of';
import { isSqlite } from '#trace/pages/file-header';
import { isKinetoFile } from './kineto-file.ts';
import { isRecording } from './recording.ts';
import type { Scratch } from './scratch.ts';
import { headOf } from './text-file.ts';
import { headOfGzip, PACKED_TRACE, packingOf } from './unpack.ts';

/** Whether a file is a trace: an export of nsys, or what PyTorch's profiler wrote. */
export const isTrace = (file: string): boolean => isExport(file) || isKinetoFile(file);

/** Whether a file is a SQLite database: plain or gzipped by its first bytes, otherwise compressed by its name. */
function isExport(file: string): boolean {
  const packing = packingOf(file);
  if (packing === undefined) return isSqlite(headOf(file, 16));
  // A gzip file that is damaged from its beginning may be a trace: whoever opens it says so.
  if (packing === 'gzip') return isSqlite(headOfGzip(file)) || /\.(sqlite3?|db)\.gz$/i.test(file);
  return PACKED_TRACE.test(file);
}

/** A file that is called a trace and is none is damaged: who opens it says so, and no analysis goes on as if nobody had recorded one. */
export const isNamedAsTrace = (file: string): boolean => /\.(?:sqlite3?|nsys-rep|qdstrm)(?:\.(?:gz|xz|zst|zstd))?$/i.test(file);

/** The files of a folder by name. @param warn told of links that lead nowhere */
export const filesIn = (folder: string, warn: (message: string) => void = () => {}): string[] =>
  readdirSync(folder)
    .sort()
    .map(name => join(folder, name))
    .filter(file => {
      const stats = statsOf(file);
      if (stats === undefined) warn(`passed over ${basename(file)}: it leads nowhere`);
      return stats?.isFile() === true;
    });

/** The traces among files: exports and traces of PyTorch's profiler, or recordings of nsys where there are none. */
export function tracesAmong(files: readonly string[]): readonly string[] {
  const exports = files.filter(isTrace);
  return exports.length > 0 ? exports : files.filter(isRecording);
}

/** @throws ForensicsError not-found; unsupported for pipes and devices, the opening of which may never return */
export function assertExists(path: string): void {
  if (!existsSync(path)) throw new ForensicsError('not-found', `${path} does not exist`, 'Check the path.');
  const stats = statSync(path);
  if (!stats.isFile() && !stats.isDirectory())
    throw new ForensicsError('unsupported', `${path} is a pipe or a device, not a file`, 'Save its output to a file, and name that.');
}

/** The traces that a path stands for: itself, or all of a folder. @throws ForensicsError not-found, not-a-trace */
export function tracesOf(path: string): readonly string[] {
  assertExists(path);
  if (!statSync(path).isDirectory()) return [path];
  const traces = tracesAmong(filesIn(path));
  if (traces.length > 0) return traces;
  throw new ForensicsError(
    'not-a-trace',
    `${path} holds no trace: no SQLite export of Nsight Systems, no recording, and no trace of PyTorch's profiler`,
    'Name the trace, or a folder that holds it: subfolders are not searched.',
  );
}

/** The one trace that a path stands for. @throws ForensicsError not-found, not-a-trace; bad-argument where there are several */
export function onlyTrace(path: string): string {
  const [first = path, ...more] = tracesOf(path);
  if (more.length === 0) return first;
  throw new ForensicsError(
    'bad-argument',
    `${path} holds ${more.length + 1} traces (${[first, ...more].map(t => basename(t)).join(', ')})`,
    'Name one of them.',
  );
}

/** What the trace of a path is opened from. @throws ForensicsError as above, and as `Scratch.trace` */
export const readableTrace = (path: string, scratch: Scratch): Promise<string> => scratch.trace(onlyTrace(path));
