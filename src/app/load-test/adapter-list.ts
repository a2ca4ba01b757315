import { dirname, resolve } from 'node:path';
import { textOf } from '#app/inputs/text-file';
import { assertExists } from '#app/inputs/traces';
import { ForensicsError } from '#core/errors';
import { statsOf } from '#core/stats-of';

/** An adapter (LoRA) that a server may be asked for. */
export interface ListedAdapter {
  readonly name: string;
  /** Where its weights lie, absolute; null where the list does not say. */
  readonly file: string | null;
}

/** A list of names takes a few kB. */
const LARGEST = 2 ** 20;
const HINT = 'Write the name of an adapter on each line, and after a space the file of its weights if that is to be looked at.';

const refused = (what: string) => new ForensicsError('bad-record', what, HINT);

/**
 * Reads a list of adapters: a name on each line, and after a space the file of its weights, as seen from the list. Empty lines and those that begin with # are
 * passed over. @throws ForensicsError not-found, bad-record
 */
export function readAdapterList(file: string): readonly ListedAdapter[] {
  assertExists(file);
  const stats = statsOf(file);
  if (stats?.isFile() !== true || stats.size > LARGEST)
    throw refused(`${file} is no list of adapters: it is a folder, or has more than 1 MiB`);
  const lines = [...textOf(file)]
    .join('')
    .replace(/^\ufeff/, '')
    .split(/\r?\n/);
  const listed = lines.flatMap((line, i): ListedAdapter[] => {
    const text = line.trim();
    if (text === '' || text.startsWith('#')) return [];
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
    if (/[\u0000-\u0008\u000e-\u001f\u007f]/.test(text)) throw refused(`${file}:${i + 1}: the name of an adapter holds control characters`);
    const [, name = text, weights] = /^(\S+)\s+(.+)$/.exec(text) ?? [];
    return [{ name, file: weights === undefined ? null : resolve(dirname(resolve(file)), weights) }];
  });
  if (listed.length === 0) throw refused(`${file} names no adapter`);
  const names = listed.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw refused(`${file} names the adapter ${twice} twice`);
  return listed;
}
