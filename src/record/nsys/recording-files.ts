import { existsSync, renameSync, rmSync } from 'node:fs';
import { ForensicsError } from '#core/errors';
import { type Answer, run } from '#record/processes/run';
import type { Nsys } from './installed.ts';

/** The last thing a program said, without the progress bars that nsys draws. */
function lastWords({ stdout, stderr, code, late }: Answer): string {
  if (late) return 'it ran past its time limit';
  const lines = `${stdout}\n${stderr}`
    .split(/[\r\n]+/)
    .map(l => l.trim())
    .filter(l => l !== '' && !/\[[\s=%\d]*\]?$/.test(l));
  return `${lines.at(-1) ?? 'it said nothing'} (exit code ${code ?? 'none'})`;
}

/**
 * Turns what nsys left, `STEM.nsys-rep` or only `STEM.qdstrm`, into `STEM.nsys-rep`.
 * @param stem path without the ending
 * @param seconds for the importer
 * @throws ForensicsError not-found when nothing is there; unsupported or damaged-trace when it cannot be imported
 */
export async function importRecording(nsys: Nsys, stem: string, seconds: number, env: NodeJS.ProcessEnv): Promise<string> {
  const recording = `${stem}.nsys-rep`;
  if (existsSync(recording)) return recording;
  const raw = `${stem}.qdstrm`;
  if (!existsSync(raw))
    throw new ForensicsError('not-found', 'nsys left no recording', 'Its own words are in nsys.log of the private folder.');
  if (nsys.importer === undefined)
    throw new ForensicsError(
      'unsupported',
      `nsys left only ${raw}, and its importer (QdstrmImporter) is not installed here`,
      'Open it with the Nsight Systems GUI on another machine, or install the whole package and run forensics capture --resume.',
    );
  const part = `${stem}.part.nsys-rep`;
  rmSync(part, { force: true });
  const answer = await run(nsys.importer, ['-i', raw, '-o', part], { seconds, env });
  if (!existsSync(part) || answer.code !== 0) {
    rmSync(part, { force: true });
    throw new ForensicsError(
      'damaged-trace',
      `${raw} could not be imported: ${lastWords(answer)}`,
      'The file was kept as it is: open it with the Nsight Systems GUI, or record again.',
    );
  }
  renameSync(part, recording);
  // The recording holds all that was in it.
  rmSync(raw);
  return recording;
}

/**
 * Exports a recording to SQLite under a temporary name first.
 * @throws ForensicsError damaged-trace when the export fails
 */
export async function exportRecording(nsys: Nsys, recording: string, to: string, seconds: number, env: NodeJS.ProcessEnv): Promise<void> {
  const part = `${to}.part.sqlite`;
  rmSync(part, { force: true });
  // NCCL says what it sends in payloads of its ranges, which newer versions leave out unless asked.
  const payloads = nsys.options.export.has('include-blobs') ? ['--include-blobs=true'] : [];
  const args = ['export', '--type', 'sqlite', '--force-overwrite', 'true', ...payloads, '--output', part, recording];
  const answer = await run(nsys.path, args, { seconds, env });
  if (answer.code !== 0 || !existsSync(part)) {
    rmSync(part, { force: true });
    throw new ForensicsError(
      'damaged-trace',
      `${recording} could not be exported to SQLite: ${lastWords(answer)}`,
      'The recording was kept: try forensics capture --resume, or another version of nsys.',
    );
  }
  renameSync(part, to);
}

/** nsys fills in %-patterns in the names of the recordings it records; a path that holds a percent sign means just that. */
export const escaped = (path: string): string => path.replaceAll('%', '%%');
