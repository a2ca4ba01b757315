import type { z } from 'zod';
import { wrongShape } from '#core/wrong-shape';

/** A value of the file, once it has the shape that is needed. @throws z.ZodError that holds the value */
export const parsed = <S extends z.ZodType>(schema: S, value: unknown): z.output<S> => schema.parse(value, { reportInput: true });

/** What is wrong with it, in a few words. */
export function wrongness({ issues: [issue] }: z.ZodError): string {
  const what = (() => {
    if (issue?.input === undefined) return 'it is missing';
    const isTooLarge = typeof issue.input === 'number' && !Number.isFinite(issue.input);
    return isTooLarge ? 'it is larger than any number that can be held' : wrongShape(issue);
  })();
  const where = issue?.path.join('.') ?? '';
  return where === '' ? what : `${where}: ${what}`;
}
