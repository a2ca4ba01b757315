import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import picocolors from 'picocolors';
import { ForensicsError } from '#core/errors';

/** Colours for stderr: none when it is no terminal or NO_COLOR is set. (The library's own default colours whatever runs in CI.) */
const pc = picocolors.createColors(process.stderr.isTTY === true && process.env['NO_COLOR'] === undefined);

/** Prints to stdout: what a person or a program reads. */
export const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};
/** Prints to stderr: progress and warnings. */
export const tell = (text: string): void => {
  process.stderr.write(`${pc.dim(text)}\n`);
};

/** Writes files into a folder, each under a temporary name first, so that none is ever seen half-written. */
export function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  const temporary: string[] = [];
  try {
    for (const [name, text] of Object.entries(files)) {
      const target = join(folder, name);
      mkdirSync(dirname(target), { recursive: true });
      const part = `${target}.${process.pid}.part`;
      temporary.push(part);
      writeFileSync(part, text);
    }
    for (const name of Object.keys(files)) renameSync(join(folder, `${name}.${process.pid}.part`), join(folder, name));
  } catch (error) {
    for (const part of temporary) rmSync(part, { force: true });
    throw new ForensicsError(
      'not-writable',
      `the report cannot be written to ${folder} (${error instanceof Error ? error.message : 'unknown reason'})`,
      'Choose another folder with --out.',
    );
  }
}

/** Prints an expected failure as a sentence and a hint; anything else is a bug and keeps its stack. */
export function printFailure(error: unknown): void {
  if (error instanceof ForensicsError) {
    process.stderr.write(`${pc.red('error')} ${error.message}\n${pc.dim('      ')}${error.hint}\n`);
    return;
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`${pc.red('This is a bug in forensics.')} Please report it with the lines below.\n${stack}\n`);
}
