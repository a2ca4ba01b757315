import type { z } from 'zod';

/** A value of the file, once it has the shape that is needed. @throws z.ZodError that holds the value */
export const parsed = <S extends z.ZodType>(schema: S, value: unknown): z.output<S> => schema.parse(value, { reportInput: true });

/** What is wrong with it, in a few words. A schema's own words name what only a program knows: undefined, and what becomes of 1e400. */
export function wrongness({ issues: [issue] }: z.ZodError): string {
  const what = (() => {
    if (issue?.input === undefined) return 'it is missing';
    const isTooLarge = typeof issue.input === 'number' && !Number.isFinite(issue.input);
    return isTooLarge ? 'it is larger than any number that can be held' : issue.message;
  })();
  const where = issue?.path.join('.') ?? '';
  return where === '' ? what : `${where}: ${what}`;
}
