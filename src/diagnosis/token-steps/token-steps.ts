import { realAt, valueAt } from '#core/columns';
import { getOrCompute } from '#core/get-or-compute';
import { medianOf } from '#core/math/median';
import { normalOf } from '#core/math/normal-range';
import { coverage, type Spans } from '#core/math/spans';
import type { Ns, Share } from '#core/units';
import type { JudgedRequest } from '#diagnosis/requests/requests';
import { cutsOf } from '#diagnosis/steps/cut-steps';
import { allStamps, areInStep, type TokenCounts, tokenCounts } from './token-counts.ts';

/** Engine steps as clients saw them: tokens of all streams bunch at the end of each. Times in ns since the session began. */
export interface TokenSteps {
  /** Where steps begin and end: the window's begin, each bunch of tokens, the window's end. */
  readonly cuts: Float64Array;
  /** Length while any request was in flight. */
  readonly duration: Float64Array;
  /** What a step with as many running requests, and with such prompts, usually takes. */
  readonly usual: Float64Array;
  /** Time beyond that; below zero where it was quicker. */
  readonly late: Float64Array;
  /** Lateness beyond which a step stands out of the noise of its kind. */
  readonly limit: Float64Array;
  readonly counts: TokenCounts;
}

/** Why the times of tokens show no steps. */
export type NoTokenSteps = 'no-token-times' | 'too-few' | 'out-of-step';

/** Where fewer of the answers say when their tokens came, steps of the others are not seen. */
const MOST: Share = 0.5;
/** Fewer steps do not tell what is usual in them: as many as a tail takes (normal-steps.ts). */
const FEWEST_STEPS = 40;
/** The middle of fewer steps is moved by a slow one or two. */
const FEWEST_ALIKE = 20;

/**
 * Cuts time at the bunches of tokens that clients received, and works out what each step should have taken: as long as the middle one of
 * those in which as many requests ran, and for each token of a prompt that it ended what such tokens take in this run (continuous batching, Yu et al.
 * 2022: one step gives every running request a token).
 * @param inFlight when any request was
 */
export function tokenSteps(requests: readonly JudgedRequest[], [from, to]: readonly [Ns, Ns], inFlight: Spans): TokenSteps | NoTokenSteps {
  const long = requests.filter(r => (r.row.output_tokens ?? 2) > 1);
  const told = long.filter(r => r.firstToken !== undefined && r.row.itl_ms !== null);
  if (told.length === 0 || told.length < MOST * long.length) return 'no-token-times';
  const demand = coverage(inFlight);
  const cuts = Float64Array.from(cutsOf(allStamps(requests, from, to), from, to, demand));
  if (cuts.length - 1 < FEWEST_STEPS) return 'too-few';
  const counts = tokenCounts(requests, cuts);
  if (!areInStep(counts)) return 'out-of-step';
  const duration = Float64Array.from({ length: cuts.length - 1 }, (_, i) => demand(realAt(cuts, i), realAt(cuts, i + 1)));
  const usual = usualOf(duration, counts);
  const late = duration.map((ns, i) => ns - realAt(usual, i));
  return { cuts, duration, counts, usual, late, limit: limitsOf(late, duration, counts) };
}

function usualOf(duration: Float64Array, counts: TokenCounts): Float64Array {
  const decode = usualDecode(duration, counts);
  const prompts = [...duration.keys()].filter(i => valueAt(counts.first, i) > 0 && realAt(duration, i) > 0);
  const base = (i: number) => decode(valueAt(counts.decoding, i));
  const beyond = (i: number) => realAt(duration, i) - base(i);
  const sized = prompts.filter(i => realAt(counts.prompt, i) > 0);
  const perToken = sized.length === 0 ? 0 : Math.max(0, medianOf(sized.map(i => beyond(i) / realAt(counts.prompt, i))));
  const perPrompt = prompts.length === 0 ? 0 : Math.max(0, medianOf(prompts.map(i => beyond(i) / valueAt(counts.first, i))));
  return duration.map((_, i) => {
    if (valueAt(counts.first, i) === 0) return base(i);
    const tokens = realAt(counts.prompt, i);
    return base(i) + (tokens > 0 ? perToken * tokens : perPrompt * valueAt(counts.first, i));
  });
}

/** What a step takes in which so many requests decode and no prompt ends; numbers that are rare go with those next to them. */
function usualDecode(duration: Float64Array, { first, decoding }: TokenCounts): (running: number) => Ns {
  const byNumber = new Map<number, Ns[]>();
  for (const [i, ns] of duration.entries())
    if (valueAt(first, i) === 0 && valueAt(decoding, i) > 0 && ns > 0) getOrCompute(byNumber, valueAt(decoding, i), () => []).push(ns);
  const groups: { from: number; steps: Ns[] }[] = [];
  for (const [from, steps] of [...byNumber].toSorted(([a], [b]) => a - b)) {
    const last = groups.at(-1);
    if (last !== undefined && last.steps.length < FEWEST_ALIKE) last.steps.push(...steps);
    else groups.push({ from, steps: [...steps] });
  }
  const [rare, before] = [groups.at(-1), groups.at(-2)];
  if (rare !== undefined && before !== undefined && rare.steps.length < FEWEST_ALIKE) before.steps.push(...(groups.pop()?.steps ?? []));
  const usual = groups.map(g => ({ from: g.from, ns: medianOf(g.steps) }));
  return running => usual.findLast(g => g.from <= running)?.ns ?? usual[0]?.ns ?? 0;
}

/** Beyond what lateness a step of each kind stands out: those that end a prompt scatter more than those that do not. */
function limitsOf(late: Float64Array, duration: Float64Array, { first }: TokenCounts): Float64Array {
  const used = [...duration.keys()].filter(i => realAt(duration, i) > 0);
  const limitOf = (isOfPrompt: boolean) =>
    normalOf(used.filter(i => valueAt(first, i) > 0 === isOfPrompt).map(i => realAt(late, i)))?.limit;
  const decode = limitOf(false) ?? 0;
  // Too few prompts have no noise of their own.
  const prompt = Math.max(decode, limitOf(true) ?? 0);
  return late.map((_, i) => (valueAt(first, i) > 0 ? prompt : decode));
}
