import type { SamplerSummary } from '#schema/monitor';

/** How a start ended: a sampler that cannot work says why, and is no failure. */
export type Outcome = { readonly sampling: true } | { readonly sampling: false; readonly why: string };

/**
 * Something that writes samples into one file of a folder until it is stopped. What goes wrong on the way (no such tool, a
 * full disk, a program that dies) is told and stands in the summary; what was written until then is kept. Nothing is thrown.
 */
export interface Sampler {
  readonly id: SamplerSummary['sampler'];
  /** Resolves when the first sample is written, or with the reason why there will be none. To be called once. */
  start(folder: string): Promise<Outcome>;
  /** False before the start, after the end, and once it failed. */
  running(): boolean;
  /** How much there is so far, in two words. */
  progress(): string;
  /** Ends it, also in the middle of its start, or without one. */
  stop(): Promise<SamplerSummary>;
}

/** Is told at once what could not be recorded. */
export type Tell = (sentence: string) => void;
