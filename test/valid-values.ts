import fc from 'fast-check';

/** What tools write of runs, at random, to be written in a tool's layout and read back. */
export const count = fc.integer({ min: 1, max: 1_000_000 });
export const positive = fc.double({ min: 1e-3, max: 1e6, noNaN: true });
/** A moment of these years, in whole milliseconds since 1970. */
export const epochMs = fc.integer({ min: Date.UTC(2024, 0), max: Date.UTC(2027, 0) });
/** Figures of a distribution as any tool has them. */
export const figures = fc.record({ mean: positive, p50: positive, p90: positive, p99: positive, max: positive });
export const word = fc.stringMatching(/^[a-z][a-z0-9-]{0,12}$/);
