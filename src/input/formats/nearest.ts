import type { Importer } from './define.ts';

const words = (names: readonly string[]): ReadonlySet<string> => new Set(names.map(name => name.toLowerCase()));

interface Near<I extends Importer> {
  readonly importer: I;
  /** Which of its names the file does not have. */
  readonly lacks: readonly string[];
}

/**
 * The importers whose names a file shares most of (Jaccard index of the two sets of names), the nearest first.
 * @param by whether the names are headings of a table or keys of a JSON document
 */
export const nearestFormats = <I extends Importer>(
  names: readonly string[],
  importers: readonly I[],
  by: 'columns' | 'keys' = 'columns',
): readonly Near<I>[] => {
  const own = words(names);
  return importers
    .flatMap(importer => {
      const theirs = importer[by];
      const shared = [...words(theirs ?? [])].filter(name => own.has(name)).length;
      if (theirs === undefined || shared === 0) return [];
      const lacks = theirs.filter(name => !own.has(name.toLowerCase()));
      return [{ importer, lacks, share: shared / (own.size + theirs.length - shared) }];
    })
    .sort((a, b) => b.share - a.share);
};
