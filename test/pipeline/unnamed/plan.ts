import { TEXTBOOKS } from '#multi-gpu/pipeline/schedules/index';
import { oneFOneB } from '#multi-gpu/pipeline/schedules/one-f-one-b';
import type { Shape, Textbook } from '#multi-gpu/pipeline/schedules/textbook';
import { type Random, randomOf } from './random.ts';

/** What a made-up run without names does. Shares are of an operation's time. */
export interface UnnamedPlan {
  readonly seed: number;
  readonly textbook: Textbook;
  readonly shape: Shape;
  readonly iterations: number;
  /** Backwards are launched by a thread of their own, as PyTorch's autograd does. */
  readonly autograd: boolean;
  /** A kernel a message, or one for all that is due between two operations. */
  readonly messages: 'single' | 'grouped';
  /** What parts iterations: a collective of all ranks, a range, or nothing. */
  readonly parted: 'barrier' | 'range' | 'nothing';
  /** Standard deviation of the length of an operation. */
  readonly jitter: number;
  /** How much longer than the shortest the longest stage takes. */
  readonly uneven: number;
  /** Chance that an operation is launched late, by up to three of its lengths. */
  readonly late: number;
  /** Records that are lost: none, single kernels here and there, or a stretch of one rank's. */
  readonly lost: 'none' | 'some' | 'stretch';
  /** The first stage runs an embedding too, the last one a loss. */
  readonly ends: boolean;
  /** The first stage has its whole backward where the others have that of the weights. */
  readonly wholeAtFirst: boolean;
  /** The backward runs the forward again first. */
  readonly recompute: boolean;
  /** Between the kernels of a backward of weights, which autograd's thread launches, the main one launches the sums of the gradients: so does PyTorch. */
  readonly fragments: boolean;
  /** The first backward of a stage adds its gradients to zeros, as where a program keeps them; else it writes them, and has a sum fewer than the others. */
  readonly sumsAlways: boolean;
  /** What follows the last iteration without a barrier. */
  readonly followedBy?: { readonly textbook: Textbook; readonly shape: Shape; readonly iterations: number };
  /** What the optimizer takes at the end of an iteration, in forwards; 0 where there is none. */
  readonly optimizer: number;
}

/** What an optimizer of few weights takes. */
const SHORT_STEP = 0.1475;

/** A run of two ranks in which nothing is odd, parted by barriers. */
export const PLAIN_PLAN: UnnamedPlan = {
  seed: 3,
  textbook: oneFOneB,
  shape: { p: 2, m: 8, v: 1 },
  iterations: 5,
  autograd: true,
  messages: 'single',
  parted: 'barrier',
  jitter: 0.01,
  uneven: 0,
  late: 0,
  lost: 'none',
  ends: true,
  wholeAtFirst: false,
  recompute: false,
  fragments: false,
  sumsAlways: false,
  optimizer: SHORT_STEP,
};

/** Kernels a trace may have: larger ones are cut to fewer microbatches, so that many can be made. */
const MOST_OPERATIONS = 12_000;

const shapes = (textbook: Textbook, random: Random): Shape[] => {
  const p = random.between(2, 16);
  return [1, 2, 3, 4].flatMap(v =>
    Array.from({ length: 7 * p + 1 }, (_, i) => ({ p, m: p + i, v })).filter(s => textbook.fits(s) && s.p * s.m * s.v <= MOST_OPERATIONS),
  );
};

/** The names that the runs are made of, each as likely as the others. */
const NAMES = [...new Set(TEXTBOOKS.map(t => t.name))];

/** A run by chance, the same for the same seed. */
export function planOf(seed: number): UnnamedPlan {
  const random = randomOf(seed);
  const name = random.pick(NAMES);
  const textbook = random.pick(TEXTBOOKS.filter(t => t.name === name));
  let possible: Shape[] = [];
  while (possible.length === 0) possible = shapes(textbook, random);
  const shape = random.pick(possible);
  const autograd = random.chance(0.6);
  return {
    seed,
    textbook,
    shape,
    iterations: random.between(1, 3),
    autograd,
    messages: random.pick(['single', 'grouped']),
    parted: random.pick(['barrier', 'range', 'nothing']),
    jitter: random.next() * 0.1,
    uneven: random.chance(0.5) ? random.next() * 0.6 : 0,
    late: random.chance(0.5) ? random.next() * 0.1 : 0,
    lost: random.pick(['none', 'none', 'some', 'stretch']),
    ends: random.chance(0.7),
    wholeAtFirst: autograd && random.chance(0.5),
    recompute: autograd && random.chance(0.2),
    fragments: autograd && random.chance(0.5),
    sumsAlways: random.chance(0.3),
    optimizer: SHORT_STEP,
  };
}
