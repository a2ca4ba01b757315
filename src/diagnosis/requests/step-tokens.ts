import { realAt, valueAt } from '#core/columns';
import { medianOf } from '#core/math/median';
import { upperBound } from '#core/math/spans';
import type { Ns, Share } from '#core/units';
import type { EngineSteps } from '#diagnosis/steps/engine-steps';
import { PLAIN } from '#diagnosis/steps/step-kinds';
import type { JudgedRequest } from './requests.ts';

/** A token is laid to a step when the clocks agree to less than this share of one. */
const CLOCK: Share = 0.5;
const MS = 1e6;

/** The tokens that arrived after each step and before the next one was over. */
export interface StepTokens {
  /** Requests that got their first one. */
  readonly first: Uint32Array;
  /** Running requests that got further ones. */
  readonly running: Uint32Array;
  /** Requests that had their first one and not their last. */
  readonly decoding: Uint32Array;
  /** Tokens that all of them got, the first ones among them. */
  readonly generated: Uint32Array;
  /** Tokens of the prompts whose first answer came; NaN where the length of one is not known. A prompt worked on in chunks counts in the step of the last. */
  readonly prompt: Float64Array;
  /** Steps during which a request was served whose tokens have no times: what those steps worked on is not known in full. */
  readonly untold: Uint8Array;
  /** How many at once: how often each number came, in plain steps. */
  readonly atOnce: ReadonlyMap<number, number>;
}

/**
 * Lays tokens to the steps that made them.
 * @param requests of the lane
 * @param stampErrorNs how far apart the clocks of requests and trace may be
 * @returns undefined where the clocks are not good enough to say after which step a token arrived
 */
export function stepTokens(steps: EngineSteps, requests: readonly JudgedRequest[], stampErrorNs: Ns): StepTokens | undefined {
  const plain = [...steps.kind.keys()].filter(i => steps.kind[i] === PLAIN && realAt(steps.duration, i) > 0);
  if (plain.length === 0 || stampErrorNs > CLOCK * medianOf(plain.map(i => realAt(steps.duration, i)))) return undefined;
  const counts = () => new Uint32Array(steps.n);
  const tokens = {
    ...{ first: counts(), running: counts(), decoding: counts(), generated: counts() },
    prompt: new Float64Array(steps.n),
    untold: new Uint8Array(steps.n).fill(1, steps.n - 1),
    atOnce: new Map<number, number>(),
  };
  for (const request of requests) layTokens(tokens, steps, request);
  return tokens;
}

function layTokens(
  tokens: Omit<StepTokens, 'atOnce'> & { readonly atOnce: Map<number, number> },
  steps: EngineSteps,
  request: JudgedRequest,
): void {
  const { firstToken, row } = request;
  const stepAt = (t: Ns) => upperBound(steps.end, t) - 1;
  // Whatever came after the window's end lies behind the last piece, which no result ended.
  const last = steps.n - 1;
  const add = (column: Uint32Array | Float64Array, i: number, n = 1) => {
    if (i >= 0 && i < last) column[i] = valueAt(column, i) + n;
  };
  // One token has no times between tokens: the first is all.
  const gaps = row.itl_ms ?? (row.output_tokens === 1 ? [] : null);
  if (firstToken === undefined || gaps === null) {
    tokens.untold.fill(1, Math.max(0, stepAt(request.served)), Math.max(0, stepAt(request.end) + 1));
    return;
  }
  const begun = stepAt(firstToken);
  add(tokens.first, begun);
  add(tokens.generated, begun);
  add(tokens.prompt, begun, row.prompt_tokens ?? Number.NaN);
  let t = firstToken;
  const mine = new Map<number, number>();
  for (const gap of gaps) {
    t += gap * MS;
    const i = stepAt(t);
    add(tokens.generated, i);
    if (i > begun) mine.set(i, (mine.get(i) ?? 0) + 1);
  }
  for (const [i, n] of mine) {
    add(tokens.running, i);
    if (steps.kind[i] === PLAIN) tokens.atOnce.set(n, (tokens.atOnce.get(n) ?? 0) + 1);
  }
  for (let i = Math.max(0, begun + 1); i < Math.min(last, stepAt(t) + 1); i++) add(tokens.decoding, i);
}
