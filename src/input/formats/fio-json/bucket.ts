import type { Ns } from '#core/units';

/** FIO_IO_U_PLAT_BITS of fio's stat.h: each power of two is divided into 64 buckets. */
const BITS = 6;

/**
 * Between which values (ns) a percentile of fio lies. fio writes the middle of the bucket (stat.c, plat_idx_to_val); below 128 ns
 * each value has a bucket of its own. A value that is no middle of a bucket is taken as it stands.
 */
export const bucketOf = (ns: Ns): readonly [Ns, Ns] => {
  const power = 2 ** Math.floor(Math.log2(ns));
  const width = power / 2 ** BITS;
  const isMiddle = ns >= 2 ** (BITS + 1) && ((ns - power) / width) % 1 === 0.5;
  return isMiddle ? [ns - width / 2, ns + width / 2] : [ns, ns];
};
