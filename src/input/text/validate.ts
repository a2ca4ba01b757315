import type { z } from 'zod';
import { wrongShape } from '#core/wrong-shape';
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
  const field = [...(at.path === undefined ? [] : [at.path]), ...way].map(String).join('.');
  const place = { source: at.source, ...(at.line === undefined ? {} : { line: at.line }), ...(field === '' ? {} : { field }) };
  throw badRecord(place, wrongness(found, wrongShape(issue)), hint);
};

/** JSON can say larger numbers than a double holds (1.8e308). */
function wrongness(found: unknown, why: string): string {
  if (typeof found === 'number' && !Number.isFinite(found)) return 'it is larger than any number that can be held';
  return found === undefined ? 'it is missing' : `${quote(found)} is not what belongs here (${why})`;
}

const step = (value: unknown, key: PropertyKey): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined;
