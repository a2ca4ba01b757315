import { ForensicsError } from '#core/errors';
import type { Target } from '#schema/targets';

/** A service-level objective: limits with the words in which they were asked for. */
export interface Objective {
  readonly targets: readonly Target[];
  readonly names: readonly string[];
}

const LIMIT = /^\s*(\S.{0,60}?)\s*(<=|>=|<|>)\s*(\d+(?:\.\d+)?)\s*(ms|s)?\s*$/;
const BOUND = { '<': 'below', '<=': 'at_most', '>': 'above', '>=': 'at_least' } as const;
const MS_PER_S = 1000;

function limitOf(text: string): Target {
  const [, metric, sign, number, unit] = LIMIT.exec(text) ?? [];
  const bound = sign === undefined ? undefined : BOUND[sign as keyof typeof BOUND];
  if (metric === undefined || bound === undefined)
    throw new ForensicsError(
      'bad-argument',
      `${text} is no limit`,
      'Write it as "e2e p99 < 200", "ttft p95 <= 500ms" or "ok share >= 0.99".',
    );
  return { metric, [bound]: Number(number) * (unit === 's' ? MS_PER_S : 1) };
}

/** Reads limits as `e2e p99 < 200`; latencies are in ms unless they say s. @throws ForensicsError bad-argument */
export const readLimits = (texts: readonly string[]): Objective => ({
  targets: texts.map(limitOf),
  names: texts.map(text => text.trim().replaceAll(/\s+/g, ' ')),
});
