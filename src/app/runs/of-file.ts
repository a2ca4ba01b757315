import { basename } from 'node:path';
import { passable } from '#app/inputs/named-files';
import { readSeries } from '#app/inputs/read-series';
import { isRecording } from '#app/inputs/recording';
import { isTrace } from '#app/inputs/traces';
import { unknownFile } from '#app/inputs/unknown-file';
import { ForensicsError } from '#core/errors';
import { runsOfOwn } from './of-own.ts';
import { runsOfSeries } from './of-series.ts';
import { runOfTraces } from './of-traces.ts';
import type { ReadRun } from './read-run.ts';
import type { RunReading } from './reading.ts';

/** The runs of a file that the user named. @throws ForensicsError unknown-format, bad-argument, bad-record, and what an analysis may throw */
export async function runsOfFile(path: string, reading: RunReading): Promise<readonly ReadRun[]> {
  const { scratch } = reading;
  if (isRecording(path) || isTrace(path)) return [await runOfTraces(path, [path], reading)];
  const content = await scratch.plain(path);
  const own = await runsOfOwn(path, content);
  if (own !== undefined) return own;
  const file = readSeries(path, content);
  if (file === undefined) throw unknownFile(path, content);
  const runs = runsOfSeries(path, file);
  if (runs.length > 0) return runs;
  throw new ForensicsError(
    'bad-argument',
    `${path} (${file.series.format}) tells of no run: it holds ${file.series.kind} alone`,
    'Name the result of a load test, a report, a trace, a test of a machine, or the folder of a run.',
  );
}

/** A file of a folder that nobody named: what is in no known format is passed over. */
export async function runsOfEntry(path: string, reading: RunReading): Promise<readonly ReadRun[]> {
  const { scratch, tell } = reading;
  if (isRecording(path) || isTrace(path)) return runsOfFile(path, reading);
  const content = await scratch.plain(path);
  const own = await runsOfOwn(path, content);
  if (own !== undefined) return own;
  const file = await passable(path, scratch, tell);
  if (file === null) tell(`passed over ${basename(path)}: no known format`);
  return file == null ? [] : runsOfSeries(path, file);
}
