import { intAt, realAt, valueAt } from '#core/columns';
import { medianOf } from '#core/math/median';
import { upperBound } from '#core/math/spans';
import type { Ns, Share } from '#core/units';
import type { LaunchedWork } from '#diagnosis/lanes/launched-work';

/**
 * What an engine does in a step, by the kernels that it runs.
 * - plain: what most steps do: a decode, for a server of language models
 * - prefill: kernels that plain steps do not run, and not all that those do
 * - mixed: all that plain steps run and more
 * - heavier: more work than a plain one, or many more launches, and its kernels do not tell what for
 * - other: nothing at all on the GPU
 */
export const STEP_KINDS = ['plain', 'prefill', 'mixed', 'heavier', 'other'] as const;
export type StepKind = (typeof STEP_KINDS)[number];
export const PLAIN = STEP_KINDS.indexOf('plain');
const PREFILL = STEP_KINDS.indexOf('prefill');
const MIXED = STEP_KINDS.indexOf('mixed');
const HEAVIER = STEP_KINDS.indexOf('heavier');
const OTHER = STEP_KINDS.indexOf('other');

/** Whether a kind of step works on prompts, as far as its kernels tell, or its work. */
export const isOfPrompts = (kind: number | undefined): boolean => kind === PREFILL || kind === MIXED || kind === HEAVIER;

/** A kernel that nearly all steps of a kind run: some of them were cut off by the window, or met a fault. */
const NEARLY_ALL: Share = 0.9;
/** A kernel that tells prompts runs so many times as often in heavy steps as in plain ones: short prompts are plain by their length. */
const TELLING = 4;
/** Kernels of fewer steps than that are chance. */
const FEWEST_STEPS = 8;
/** A step that runs the larger half of the kernels that tell prompts works on one: each shape of it leaves some out. */
const MOST: Share = 0.5;
/** A step of which so many kernels are never or seldom run in a plain one is another program; a larger one of the same has other sizes of a few. */
const OTHER_PROGRAM: Share = 0.25;
/** Steps that hold less than half as much more as those on prompts are of another kind than they. */
const LITTLE_MORE: Share = 0.5;

/** Which families of kernels each step ran. */
export interface StepKernels {
  /** How many families there are; 0 where no kernels are known. */
  readonly families: number;
  /** Whether a step ran anything; all did where no kernels are known. */
  readonly any: (i: number) => boolean;
  /** How many of these steps ran it. */
  readonly count: (steps: readonly number[], family: number) => number;
  /** How many of these families a step ran. */
  readonly among: (i: number, families: readonly number[]) => number;
}

const WORD = 32;

/** @param cuts where the steps begin and end, ns */
export function stepKernels({ starts, family, families }: LaunchedWork, cuts: readonly Ns[]): StepKernels {
  const words = Math.ceil(families / WORD);
  const bits = new Uint32Array((cuts.length - 1) * words);
  const placeOf = (i: number, f: number) => i * words + Math.floor(f / WORD);
  const maskOf = (f: number) => 1 << (f % WORD);
  let k = upperBound(starts, valueAt(cuts, 0) - 1);
  for (let i = 0; i + 1 < cuts.length; i++)
    for (; k < starts.length && realAt(starts, k) < valueAt(cuts, i + 1); k++) {
      const f = intAt(family, k);
      if (f >= 0) bits[placeOf(i, f)] = valueAt(bits, placeOf(i, f)) | maskOf(f);
    }
  const has = (i: number, f: number) => (valueAt(bits, placeOf(i, f)) & maskOf(f)) !== 0;
  return {
    families,
    any: i => families === 0 || bits.subarray(i * words, (i + 1) * words).some(word => word !== 0),
    count: (steps, f) => steps.reduce((n, i) => n + (has(i, f) ? 1 : 0), 0),
    among: (i, some) => some.reduce((n, f) => n + (has(i, f) ? 1 : 0), 0),
  };
}

/**
 * Tells the kinds of steps by their kernels: those that heavy steps run and plain ones do not are of prompts. Where the kernels do not tell
 * them apart, a step that holds more work is a heavier one.
 * @param heavy 1 where a step holds more work than a plain one, or makes many more launches
 * @param work of each step, ns
 * @param used the steps in which requests were in flight
 * @returns index into STEP_KINDS of every step
 */
export function stepKinds(ran: StepKernels, heavy: Uint8Array, work: Float64Array, used: readonly number[]): Uint8Array {
  const byWork = heavy.map((h, i) => (!ran.any(i) ? OTHER : h === 1 ? HEAVIER : PLAIN));
  const few = used.filter(i => byWork[i] === PLAIN);
  const many = used.filter(i => byWork[i] === HEAVIER);
  const families = Array.from({ length: ran.families }, (_, f) => f);
  const telling = families.filter(f => {
    const inMany = ran.count(many, f);
    return inMany >= FEWEST_STEPS && inMany * few.length > TELLING * ran.count(few, f) * many.length;
  });
  const isTold = (i: number) => ran.among(i, telling) > MOST * telling.length;
  const told = many.filter(isTold);
  const isOther = medianOf(told.map(i => ran.among(i, telling) / ran.among(i, families))) >= OTHER_PROGRAM;
  if (!isOther && !tellMost(many, isTold, few, work)) return byWork;
  const plain = few.filter(i => !isTold(i));
  const seldom = families.filter(f => ran.count(plain, f) < MOST * plain.length);
  const usual = families.filter(f => ran.count(plain, f) >= NEARLY_ALL * plain.length);
  return byWork.map((kind, i) => {
    if (kind === OTHER) return OTHER;
    if (!isTold(i)) return kind === HEAVIER && ran.among(i, seldom) >= OTHER_PROGRAM * ran.among(i, families) ? HEAVIER : PLAIN;
    return ran.among(i, usual) >= NEARLY_ALL * usual.length ? MIXED : PREFILL;
  });
}

/** Whether the heavy steps that the kernels do not tell are larger plain ones: they hold little more work. Kernels of some large sizes alone leave others out. */
function tellMost(heavy: readonly number[], isTold: (i: number) => boolean, plain: readonly number[], work: Float64Array): boolean {
  const usualWork = (steps: readonly number[]) => medianOf(steps.map(i => realAt(work, i)));
  const [told, rest] = [heavy.filter(isTold), heavy.filter(i => !isTold(i))];
  if (told.length === 0 || plain.length === 0) return false;
  const base = usualWork(plain);
  return rest.length === 0 || usualWork(rest) - base <= LITTLE_MORE * (usualWork(told) - base);
}
