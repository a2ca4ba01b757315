import { itemAt, realAt, valueAt } from '#core/columns';
import type { Share } from '#core/units';
import type { EngineSteps } from '#diagnosis/steps/engine-steps';
import { STEP_KINDS } from '#diagnosis/steps/step-kinds';
import type { StepName } from '#schema/engine-steps';
import type { StepTokens } from './step-tokens.ts';

/**
 * What steps of a kind are called.
 * - decode: every running request gets one token
 * - verify: they get several at once, not always as many: the guesses of a draft that held
 * - prefill, mixed: prompts are worked on, while the others wait or get their tokens as well
 * - heavier: the same kernels as the plain ones, more work, and no first tokens as a rule
 * - plain, other: their kernels tell them from the others, and nothing says what they do
 */
export interface NamedKind {
  readonly name: StepName;
  /** tokens: by who got which token at their ends; kernels: by what they ran alone. */
  readonly by: 'tokens' | 'kernels';
}

/** More often than not. */
const MOST: Share = 0.5;
/** Nearer to two tokens at once than to one. */
const SEVERAL = 1.5;
/** Several steps at one go give as many tokens each time; guesses do not always hold. */
const ALWAYS: Share = 0.9;

/**
 * Names the kinds of a lane's steps: by the tokens that arrive at their ends, else by their kernels alone.
 * @param tokens undefined where nobody can say after which step each arrived
 * @returns for each of STEP_KINDS
 */
export function stepNames(steps: EngineSteps, tokens: StepTokens | undefined): readonly NamedKind[] {
  const byKernels = STEP_KINDS.map((name): NamedKind => ({ name, by: 'kernels' }));
  if (tokens === undefined) return byKernels;
  const used = [...steps.kind.keys()].filter(i => realAt(steps.duration, i) > 0);
  return byKernels.map((unnamed, kind) => {
    const mine = used.filter(i => steps.kind[i] === kind && valueAt(tokens.decoding, i) > 0);
    if (mine.length === 0) return unnamed;
    const name = nameOf(kind, mine, tokens);
    return name === undefined ? unnamed : { name, by: 'tokens' };
  });
}

/** @param mine the steps of a kind in which somebody was decoding */
function nameOf(kind: number, mine: readonly number[], { first, running, decoding, atOnce }: StepTokens): StepName | undefined {
  // Whether those who decode get their tokens: the larger half of them, in the larger half of the steps.
  const served = mine.filter(i => valueAt(running, i) > MOST * valueAt(decoding, i)).length > MOST * mine.length;
  const begun = mine.filter(i => valueAt(first, i) > 0).length;
  switch (itemAt(STEP_KINDS, kind)) {
    case 'plain':
      return served ? (isGuessed(atOnce) ? 'verify' : 'decode') : undefined;
    case 'heavier':
      return begun > MOST * mine.length ? (served ? 'mixed' : 'prefill') : undefined;
    case 'prefill':
    case 'mixed':
      if (begun === 0) return served ? 'verify' : undefined;
      return served ? 'mixed' : 'prefill';
    case 'other':
      return undefined;
  }
}

/** Whether several tokens come at once as a rule, and not always as many. */
function isGuessed(atOnce: ReadonlyMap<number, number>): boolean {
  let [times, tokens, most] = [0, 0, 0];
  for (const [n, often] of atOnce) {
    times += often;
    tokens += n * often;
    most = Math.max(most, often);
  }
  return times > 0 && tokens >= SEVERAL * times && most <= ALWAYS * times;
}
