import { InvalidArgumentError } from '@commander-js/extra-typings';
import type { Budget } from '#decide/compare/metric-facts';

/** `p99=5%`, added to those before it. */
export function budgets(text: string, before: readonly Budget[]): readonly Budget[] {
  const [, name, percent] = /^\s*([^=]{1,100}?)\s*=\s*(\d{1,2}(?:\.\d{1,6})?)\s*%\s*$/.exec(text) ?? [];
  if (name === undefined || percent === undefined)
    throw new InvalidArgumentError('It must be a metric and how much worse it may be, below 100 %, as in p99=5% or tok/s=2%.');
  return [...before, { name, share: Number(percent) / 100 }];
}
