import type { Confidence } from '#core/math/confidence';
import type { StorageOpen } from '#schema/storage-analysis';
import type { Experiment } from './experiment.ts';
import type { Tail } from './tail.ts';

/** Why a hypothesis could not be examined. */
export type Lacking = Exclude<StorageOpen, 'power' | 'least-level'>;

/** A figure beside the effect, with its 95 % interval where it has one. */
export interface Part {
  readonly what: string;
  readonly unit: string;
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
  /** One-sided level by itself, not corrected; null for what is no test. */
  readonly p: number | null;
}

/** A mark in a hypothesis' chart: a run. */
export interface Point {
  readonly run: string;
  readonly x: number;
  readonly y: number;
  readonly series: string;
}

/** What is drawn: each run as a point, lines through them, and places on the x axis with their intervals. */
export interface Picture {
  readonly x: string;
  /** Names of 0, 1 … on the x axis, where they stand for arms. */
  readonly arms?: readonly string[];
  readonly y: string;
  readonly points: readonly Point[];
  readonly lines: readonly {
    readonly series: string;
    readonly x: number;
    readonly y: number;
    readonly low: number | null;
    readonly high: number | null;
  }[];
  readonly marks: readonly { readonly label: string; readonly x: number; readonly low: number; readonly high: number }[];
}

/** What the runs say of a hypothesis, before it is weighed with the others. */
export interface Examined {
  /** On the scale of the hypothesis: the logarithm of a ratio, or Fisher's z of a correlation. */
  readonly effect: Confidence;
  /** One-sided level of "the hypothesis does not hold". */
  readonly p: number;
  /** Degrees of freedom of the noise, for the power. */
  readonly freedom: number;
  /** The smallest level that so many runs can reach. */
  readonly least_p: number;
  readonly runs: number;
  readonly tail: Tail | null;
  readonly parts: readonly Part[];
  readonly picture: Picture;
}

/** One hypothesis: a folder in `hypotheses/`. Pure. */
export interface Hypothesis {
  /** Same as the folder's name: its number and a noun. */
  readonly id: string;
  readonly code: 'H0' | 'H1' | 'H2' | 'H3' | 'H4' | 'H5' | 'H6' | 'H7' | 'H8';
  /** What is claimed, a sentence. */
  readonly claim: string;
  /** How it is tested, a sentence. */
  readonly test: string;
  /** What the effect is, a phrase. */
  readonly effect: string;
  readonly scale: 'ratio' | 'correlation';
  /** The smallest effect that matters, a ratio or a correlation: below it there is none worth the name. */
  readonly margin: number;
  /** Why that one. */
  readonly margin_reason: string;
  /** How to read its chart, a sentence. */
  readonly reading: string;
  readonly examine: (experiment: Experiment) => Examined | Lacking;
}

export const defineHypothesis = (hypothesis: Hypothesis): Hypothesis => hypothesis;

export const part = (what: string, unit: string, value: number | null, rest: Partial<Part> = {}): Part => ({
  ...{ what, unit, value, low: null, high: null, p: null },
  ...rest,
});

/** With the ends of its 95 % interval, put through a function that rises. */
export const partOf = (
  what: string,
  unit: string,
  confidence: Confidence,
  scale: (value: number) => number,
  p: number | null = null,
): Part => part(what, unit, scale(confidence.estimate), { low: scale(confidence.bound(0.025)), high: scale(confidence.bound(0.975)), p });
