import type { Confidence } from './confidence.ts';

/** Of a parameter times a factor above 0. */
export const scaled = (of: Confidence, factor: number): Confidence => ({
  estimate: of.estimate * factor,
  bound: confidence => of.bound(confidence) * factor,
  pAtLeast: value => of.pAtLeast(value / factor),
  pAtMost: value => of.pAtMost(value / factor),
});
