import { itemAt, realAt, valueAt } from '#core/columns';
import { medianOf } from '#core/math/median';
import { upperBound } from '#core/math/spans';
import type { Ns, Share } from '#core/units';
import type { EngineSteps } from '#diagnosis/steps/engine-steps';
import { PLAIN, STEP_KINDS } from '#diagnosis/steps/step-kinds';
import type { StepName } from '#schema/engine-steps';
import type { JudgedRequest } from './requests.ts';

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
/** A token is laid to a step when the clocks agree to less than this share of one. */
const CLOCK: Share = 0.5;

/** The tokens that arrived after each step and before the next one was over. */
interface StepTokens {
  /** Requests that got their first one. */
  readonly first: Uint32Array;
  /** Running requests that got further ones. */
  readonly running: Uint32Array;
  /** Requests that had their first one and not their last. */
  readonly decoding: Uint32Array;
  /** How many at once: how often each number came, in plain steps. */
  readonly atOnce: ReadonlyMap<number, number>;
}

const MS = 1e6;

function tokensOf(steps: EngineSteps, requests: readonly JudgedRequest[]): StepTokens {
  const [first, running, decoding] = [new Uint32Array(steps.n), new Uint32Array(steps.n), new Uint32Array(steps.n)];
  const atOnce = new Map<number, number>();
  const stepAt = (t: Ns) => upperBound(steps.end, t) - 1;
  const add = (counts: Uint32Array, i: number, n = 1) => {
    if (i >= 0 && i < counts.length) counts[i] = valueAt(counts, i) + n;
  };
  for (const { firstToken, row } of requests) {
    if (firstToken === undefined || row.itl_ms === null) continue;
    let t = firstToken;
    add(first, stepAt(t));
    const mine = new Map<number, number>();
    for (const gap of row.itl_ms) {
      t += gap * MS;
      const i = stepAt(t);
      if (i > stepAt(firstToken)) mine.set(i, (mine.get(i) ?? 0) + 1);
    }
    for (const [i, n] of mine) {
      add(running, i);
      if (steps.kind[i] === PLAIN) atOnce.set(n, (atOnce.get(n) ?? 0) + 1);
    }
    for (let i = Math.max(0, stepAt(firstToken) + 1); i < Math.min(steps.n, stepAt(t) + 1); i++) add(decoding, i);
  }
  return { first, running, decoding, atOnce };
}

/**
 * Names the kinds of a lane's steps: by the tokens that arrive at their ends, where they were recorded and the clocks are good enough to say
 * after which step each arrived, else by their kernels alone.
 * @param requests of the lane
 * @param stampErrorNs how far apart the clocks of requests and trace may be
 * @returns for each of STEP_KINDS
 */
export function stepNames(steps: EngineSteps, requests: readonly JudgedRequest[], stampErrorNs: Ns): readonly NamedKind[] {
  const byKernels = STEP_KINDS.map((name): NamedKind => ({ name, by: 'kernels' }));
  const used = [...steps.kind.keys()].filter(i => realAt(steps.duration, i) > 0);
  const plain = used.filter(i => steps.kind[i] === PLAIN);
  if (plain.length === 0 || stampErrorNs > CLOCK * medianOf(plain.map(i => realAt(steps.duration, i)))) return byKernels;
  const tokens = tokensOf(steps, requests);
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
