import type { Ns } from '#core/units';
/**
 * CLOCK_MONOTONIC in nanoseconds, the same in all threads and processes of this host (performance.now() has a zero of its own in each
 * thread). As a double it is exact for the first 104 days after the boot, and to 4 ns for a year.
 */
export const monotonicNs = (): Ns => Number(process.hrtime.bigint());

export const NS_PER_MS = 1e6;
export const NS_PER_S = 1e9;
