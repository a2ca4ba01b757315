import type { Importer } from './define.ts';

const words = (columns: readonly string[]): ReadonlySet<string> => new Set(columns.map(c => c.toLowerCase()));

/**
 * The importer of a table whose headings a file shares most of (Jaccard index of the two sets of names).
 * @returns with what the file lacks of them; undefined where it shares none
 */
export function nearestFormat<I extends Importer>(
  columns: readonly string[],
  importers: readonly I[],
): { readonly importer: I; readonly lacks: readonly string[] } | undefined {
  const own = words(columns);
  const ranked = importers
    .flatMap(importer => {
      if (importer.columns === undefined) return [];
      const theirs = words(importer.columns);
      const shared = [...theirs].filter(w => own.has(w)).length;
      return shared === 0 ? [] : [{ importer, share: shared / (own.size + theirs.size - shared) }];
    })
    .sort((a, b) => b.share - a.share);
  const [best] = ranked;
  return best && { importer: best.importer, lacks: (best.importer.columns ?? []).filter(c => !own.has(c.toLowerCase())) };
}
