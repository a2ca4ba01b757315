import { copyFileSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { reasonOf } from '#core/reason-of';

/** One string in V8 holds 512 MiB at most. */
const LARGEST_TEXT = 480 * 2 ** 20;

/**
 * Takes over the load test's results from where the user said they would be.
 * @returns why there are none
 */
export function takeRequests(file: string, folder: string): string | undefined {
  try {
    copyFileSync(file, join(folder, basename(file)));
    return undefined;
  } catch (error) {
    return `${file}, named with --requests, could not be read (${reasonOf(error)})`;
  }
}

/** What the workload and the load test left, as file names. What ends in .part is being written, by a custom that ours follow too. */
export const leftIn = (folder: string): string[] => {
  try {
    return readdirSync(folder)
      .filter(name => !name.endsWith('.part') && statSync(join(folder, name)).isFile() && statSync(join(folder, name)).size > 0)
      .sort();
  } catch {
    return [];
  }
};

/**
 * Copies a text file into the case, under a temporary name first.
 * @param clean takes out what must not be in the case
 * @returns why it was not copied
 */
export function copyText(from: string, to: string, clean: (text: string) => string): string | undefined {
  const part = `${to}.part`;
  try {
    const bytes = readFileSync(from);
    if (bytes.length > LARGEST_TEXT) return `${basename(from)} was left out of the case: it has ${Math.round(bytes.length / 2 ** 20)} MiB`;
    // What is no text cannot be cleaned.
    if (bytes.includes(0)) return `${basename(from)} was left out of the case: it is no text`;
    writeFileSync(part, clean(wholeLines(bytes.toString('utf8'), to)));
    renameSync(part, to);
    return undefined;
  } catch (error) {
    rmSync(part, { force: true });
    return `${basename(from)} could not be copied into the case (${reasonOf(error)})`;
  }
}

/** Files that grow by lines may just be written to: the last line counts once it is whole. */
function wholeLines(text: string, name: string): string {
  if (!/\.(jsonl|csv|ndjson)$/.test(name) || text.endsWith('\n')) return text;
  const last = text.slice(text.lastIndexOf('\n') + 1);
  try {
    JSON.parse(last);
    return text;
  } catch {
    return text.slice(0, text.lastIndexOf('\n') + 1) || text;
  }
}
