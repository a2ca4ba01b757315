import type { z } from 'zod';
import { textHeadOf, textOf } from '#app/inputs/text-file';
import { ForensicsError } from '#core/errors';
import { statsOf } from '#core/stats-of';
import { Certification } from '#schema/certification';
import { Report } from '#schema/report';
import { Baseline } from '#schema/run';
import { Snapshot } from '#schema/snapshot';
import { System } from '#schema/system';

/** What we write in one piece has megabytes at the most. */
const LARGEST = 256 * 2 ** 20;
const HEAD = 4096;
const SCHEMAS = {
  'forensics.report/1': Report,
  'forensics.certification/1': Certification,
  'forensics.baseline/1': Baseline,
  'forensics.system/1': System,
  'forensics.snapshot/1': Snapshot,
} as const;
type Name = keyof typeof SCHEMAS;
/** A file of ours, by its schema. */
export type Own = { readonly [N in Name]: { readonly schema: N; readonly data: z.output<(typeof SCHEMAS)[N]> } }[Name];

const DECLARES = /^\ufeff?\s{0,9}\{\s{0,9}"schema"\s{0,9}:\s{0,9}"(forensics\.[\w-]{1,40}\/\d{1,4})"/;

function parsed(file: string, content: string): unknown {
  try {
    return JSON.parse([...textOf(content, file)].join('').replace(/^\ufeff/, ''));
  } catch (error) {
    if (error instanceof ForensicsError) throw error;
    throw new ForensicsError('bad-record', `${file} is not JSON to its end`, 'Give the file as forensics wrote it.');
  }
}

/**
 * A report, certification, baseline or snapshot of ours; undefined for any other file.
 * @param content where its plain content lies, if it is compressed
 * @throws ForensicsError bad-record for one that is not as this version writes it
 */
export function readOwn(file: string, content: string): Own | undefined {
  const name = DECLARES.exec(textHeadOf(content, HEAD))?.[1];
  if (name === undefined || !Object.hasOwn(SCHEMAS, name)) return undefined;
  if ((statsOf(content)?.size ?? 0) > LARGEST)
    throw new ForensicsError('not-readable', `${file} has more than 256 MiB`, 'No file of forensics is that large: name another.');
  const schema = name as Name;
  const found = SCHEMAS[schema].safeParse(parsed(file, content));
  if (found.success) return { schema, data: found.data } as Own;
  const field = found.error.issues[0]?.path.join('.') ?? '';
  throw new ForensicsError(
    'bad-record',
    `${file} says that it is ${name} and is not as this version writes it${field === '' ? '' : ` (${field})`}`,
    'Write it again with this version of forensics.',
  );
}
