import { z } from 'zod';
import { badRecord } from '#input/text/bad-record';
import { jsonValues } from '#input/text/json-values';
import type { Text } from '#input/text/text';
import { validate } from '#input/text/validate';
import type { WarningCounter } from '#input/text/warning-counter';

/** What sysstat writes: an amount, a rate or a share. None comes near the limit. */
export const Amount = z.number().min(0).max(1e15);

const CPUS = z.number().int().min(1).max(1e6);
const HOST = '$.sysstat.hosts.*';

/** One entry of `statistics`, and what stands before them. */
export interface Statistics<Entry> {
  readonly entry: Entry;
  /** Counted from 1: a document has no lines of its own. */
  readonly number: number;
  readonly cpus: number;
  readonly date: string | undefined;
}

/**
 * The samples in a JSON document of sysstat (iostat, mpstat, sadf), one at a time.
 * @throws ForensicsError 'bad-record' for an entry that is not as `schema` says, and for several machines
 */
export function* sysstatEntries<Entry>(
  text: Text,
  source: string,
  schema: z.ZodType<Entry>,
  counter: WarningCounter,
): Generator<Statistics<Entry>, void> {
  let cpus: number | undefined;
  let date: string | undefined;
  let number = 0;
  const hint = 'Give the file as the tool wrote it.';
  for (const { path, value } of jsonValues(text, source, [`${HOST}.number-of-cpus`, `${HOST}.date`, `${HOST}.statistics.*`], counter)) {
    if (path[2] !== 0) throw badRecord({ source }, 'the file tells of several machines', 'Cut it in one file for each.');
    if (path[3] === 'number-of-cpus') {
      const read = CPUS.safeParse(value);
      if (!read.success) throw badRecord({ source, field: 'number-of-cpus' }, 'it is not a number of CPUs', hint);
      cpus = read.data;
    } else if (path[3] === 'date') date = z.string().safeParse(value).data;
    else {
      number += 1;
      if (cpus === undefined) throw badRecord({ source, field: 'number-of-cpus' }, 'it is missing', hint);
      yield { entry: validate(schema, value, { source, path: path.join('.') }, hint), number, cpus, date };
    }
  }
}
