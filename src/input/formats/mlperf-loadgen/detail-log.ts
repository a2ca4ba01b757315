import { z } from 'zod';
import { badRecord } from '#input/text/bad-record';
import { lines } from '#input/text/lines';
import type { Text } from '#input/text/text';
import type { WarningCounter } from '#input/text/warning-counter';

const MARK = ':::MLLOG ';
const Entry = z.object({ key: z.string(), value: z.unknown(), metadata: z.object({ is_error: z.boolean().optional() }).nullish() });
type Scalar = string | number | boolean;
export type Entries = ReadonlyMap<string, Scalar>;

/**
 * The values that LoadGen logged, by key. Lists and objects (the samples that were loaded, the files of LoadGen) are passed over.
 * @throws ForensicsError 'bad-record' for a line with the mark that is not JSON
 */
export const readDetailLog = (text: Text, source: string, counter: WarningCounter): Entries => {
  const entries = new Map<string, Scalar>();
  for (const { number: line, text: raw, ended } of lines(text, source)) {
    const from = raw.indexOf(MARK);
    if (from < 0) {
      counter.note('the line has no :::MLLOG, so it was left out', line);
      continue;
    }
    const entry = entryOf(raw.slice(from + MARK.length));
    if (entry === undefined && ended)
      throw badRecord({ source, line }, 'what follows :::MLLOG is not an entry with key and value', 'Mend or delete this line.');
    if (entry === undefined) {
      counter.note('the file ends in the middle of this entry, which was left out', line);
      continue;
    }
    if (entry.metadata?.is_error === true) counter.note('LoadGen logged an error', line, entry.key);
    const { key, value } = entry;
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') continue;
    if (key.startsWith('result_') && entries.has(key))
      counter.note('a result is there twice, as after a second run; the later one was taken', line, key);
    entries.set(key, value);
  }
  return entries;
};

const entryOf = (json: string): z.infer<typeof Entry> | undefined => {
  try {
    return Entry.safeParse(JSON.parse(json)).data;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
};
