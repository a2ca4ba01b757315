import { symlinkSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { ForensicsError } from '#core/errors';
import { installedNsys } from '#record/nsys/installed';
import { exportRecording, importRecording } from '#record/nsys/recording-files';

/** Files that nsys records into; the raw one is what is left where nothing imported it. */
const RECORDING = /\.(nsys-rep|qdrep|qdstrm)$/i;
const RAW = /\.qdstrm$/i;
/** An export takes about as long as the recording did, and much longer on a slow disk. */
const LONGEST_SECONDS = 4 * 3600;

/** Whether a file is a recording of nsys, which only nsys can read: by its name, as nsys itself tells it. */
export const isRecording = (file: string): boolean => RECORDING.test(file);

/** A word of a command line, quoted where a shell would take it apart. */
const quoted = (word: string) => (/^[\w./:=@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

/** What to run where there is an nsys, to have an export that is kept. */
function exportCommand(file: string): string {
  const stem = join(dirname(file), basename(file).replace(RECORDING, ''));
  const make = `nsys export --type sqlite --output ${quoted(`${stem}.sqlite`)} ${quoted(RAW.test(file) ? `${stem}.nsys-rep` : file)}`;
  return RAW.test(file) ? `QdstrmImporter -i ${quoted(file)} -o ${quoted(`${stem}.nsys-rep`)} && ${make}` : make;
}

/**
 * Exports a recording to SQLite with the nsys of this machine.
 * @param folder where the export is written, as `trace.sqlite`
 * @returns the export
 * @throws ForensicsError unsupported where there is no nsys, damaged-trace where it cannot read the file; each names the command to run elsewhere
 */
export async function exported(file: string, folder: string, env: NodeJS.ProcessEnv): Promise<string> {
  const hint = `Where the same nsys or a newer one is installed, run \`${exportCommand(file)}\`, and name the .sqlite file.`;
  const stem = join(folder, 'recording');
  try {
    const nsys = await installedNsys(undefined, env);
    // The importer removes the raw file that it has read: here that is a link.
    const link = `${stem}${RAW.test(file) ? '.qdstrm' : '.nsys-rep'}`;
    symlinkSync(resolve(file), link);
    const recording = await importRecording(nsys, stem, LONGEST_SECONDS, env);
    const to = join(folder, 'trace.sqlite');
    await exportRecording(nsys, recording, to, LONGEST_SECONDS, env);
    return to;
  } catch (error) {
    if (!(error instanceof ForensicsError)) throw error;
    throw new ForensicsError(
      error.code,
      `${file} is a recording that only nsys can read: ${error.message.replaceAll(`${stem}.nsys-rep`, 'it').replaceAll(`${stem}.qdstrm`, 'it')}`,
      hint,
    );
  }
}
