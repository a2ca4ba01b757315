import type { z } from 'zod';
import { badRecord, quote } from './bad-record.ts';

/** Where a value stands: in a line, or at a way through a JSON document ("requests.17"). */
export interface Whereabouts {
  readonly source: string;
  readonly line?: number;
  readonly path?: string;
}

/**
 * A foreign value, once it has the shape that is needed.
 * @throws ForensicsError 'bad-record' naming the first field that is wrong, and its value
 */
export const validate = <S extends z.ZodType>(schema: S, value: unknown, at: Whereabouts, hint: string): z.output<S> => {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const way = issue?.path ?? [];
  const found = way.reduce<unknown>((inner, key) => step(inner, key), value);
  const what = found === undefined ? 'it is missing' : `${quote(found)} is not what belongs here`;
  const field = [...(at.path === undefined ? [] : [at.path]), ...way].map(String).join('.');
  const place = { source: at.source, ...(at.line === undefined ? {} : { line: at.line }), ...(field === '' ? {} : { field }) };
  throw badRecord(place, `${what} (${issue?.message ?? 'wrong shape'})`, hint);
};

const step = (value: unknown, key: PropertyKey): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined;
