import type { Bucket, Counts } from './decode.ts';

type Edges = readonly [number, number];

/** How many values there are. */
export const sizeOf = (counts: Counts): number => counts.reduce((sum, bucket) => sum + bucket.count, 0);

/** All values of several histograms, equal buckets added up. Buckets of unequal precision may overlap. */
export const merge = (histograms: readonly Counts[]): Counts => {
  const found = new Map<string, Bucket>();
  for (const bucket of histograms.flat()) {
    const key = `${bucket.lower} ${bucket.upper}`;
    found.set(key, { ...bucket, count: bucket.count + (found.get(key)?.count ?? 0) });
  }
  return [...found.values()].sort((a, b) => a.lower - b.lower || a.upper - b.upper);
};

/** The value of a rank (from 1) if each value were at the given edge of its bucket. */
const valueAt = (rising: Counts, edge: 'lower' | 'upper', rank: number): number => {
  let seen = 0;
  for (const bucket of rising) {
    seen += bucket.count;
    if (seen >= rank) return bucket[edge];
  }
  return rising.at(-1)?.[edge] ?? 0;
};

/**
 * Between which values the q-quantile (nearest rank) lies: the quantile of the lower edges and that of the upper ones bound it,
 * whatever the buckets are. `counts` must not be empty.
 */
export const shareOf = (counts: Counts, q: number): Edges => {
  const rank = Math.max(1, Math.ceil(q * sizeOf(counts) - 1e-9));
  return [
    valueAt(counts, 'lower', rank),
    valueAt(
      counts.toSorted((a, b) => a.upper - b.upper),
      'upper',
      rank,
    ),
  ];
};

/** Between which values mean, minimum and maximum lie. `counts` must not be empty. */
export const momentsOf = (counts: Counts): { readonly mean: Edges; readonly min: Edges; readonly max: Edges } => {
  const n = sizeOf(counts);
  const mean = (edge: 'lower' | 'upper') => counts.reduce((sum, bucket) => sum + bucket[edge] * (bucket.count / n), 0);
  return { mean: [mean('lower'), mean('upper')], min: shareOf(counts, 0), max: shareOf(counts, 1) };
};
