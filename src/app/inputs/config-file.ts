import type { z } from 'zod';
import { ForensicsError } from '#core/errors';
import { statsOf } from '#core/stats-of';
import { wrongShape } from '#core/wrong-shape';
import { whereNoJson } from '#input/text/json-error';
import { textOf } from './text-file.ts';
import { assertExists } from './traces.ts';

/** What a person writes by hand takes a few kB. */
const LARGEST = 2 ** 20;

/** What a file should be, in a sentence that refuses it, and where that is written. */
export interface Expected {
  readonly what: string;
  readonly hint: string;
}

function parsed(file: string, hint: string): unknown {
  const text = [...textOf(file)].join('').replace(/^\ufeff/, '');
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new ForensicsError('bad-record', `${file} is not JSON (${whereNoJson(text, error)})`, hint);
  }
}

/** A file of settings that a person wrote, by its schema. @throws ForensicsError not-found, bad-record naming the field */
export function readConfig<S extends z.ZodType>(file: string, schema: S, { what, hint }: Expected): z.output<S> {
  assertExists(file);
  const stats = statsOf(file);
  if (stats?.isFile() !== true || stats.size > LARGEST)
    throw new ForensicsError('bad-record', `${file} is no ${what}: it is a folder, or has more than 1 MiB`, hint);
  const found = schema.safeParse(parsed(file, hint));
  if (found.success) return found.data;
  const [issue] = found.error.issues;
  const field = issue?.path.join('.') ?? '';
  throw new ForensicsError('bad-record', `${file} is no ${what}${field === '' ? '' : `, at ${field}`}: ${wrongShape(issue)}`, hint);
}
