import { InvalidArgumentError } from '@commander-js/extra-typings';
import type { PerSecond } from '#core/units';
import type { Arrivals } from '#record/load-test/generator/arrivals';
import type { Lengths } from '#record/load-test/generator/lengths';

/** Arrivals as they are asked for: the rate stands in an option of its own. */
export type ArrivalWish =
  | { readonly kind: 'poisson' | 'constant' }
  | { readonly kind: 'gamma'; readonly cv: number }
  | { readonly kind: 'ramp'; readonly from: PerSecond; readonly to: PerSecond }
  | { readonly kind: 'trace'; readonly file: string };

const NUMBER = String.raw`(\d+(?:\.\d+)?)`;
const numbers = (pattern: string, text: string): number[] | undefined =>
  new RegExp(`^${pattern.replaceAll('#', NUMBER)}$`).exec(text.trim())?.slice(1).map(Number);

/** Reads poisson, constant, gamma:CV, ramp:FROM-TO or trace:FILE. */
export function arrivalWish(text: string): ArrivalWish {
  if (text === 'poisson' || text === 'constant') return { kind: text };
  const [cv] = numbers('gamma:#', text) ?? [];
  if (cv !== undefined && cv > 0) return { kind: 'gamma', cv };
  const [from, to] = numbers('ramp:#-#', text) ?? [];
  if (from !== undefined && to !== undefined && from + to > 0) return { kind: 'ramp', from, to };
  if (/^trace:./.test(text)) return { kind: 'trace', file: text.slice('trace:'.length) };
  throw new InvalidArgumentError('It must be poisson, constant, gamma:CV (as gamma:2), ramp:FROM-TO (as ramp:1-50) or trace:FILE.');
}

/** The arrivals that go with a wish; a trace brings its own offsets. */
export function arrivalsOf(wish: Exclude<ArrivalWish, { kind: 'trace' }>, rate: number): Arrivals {
  return wish.kind === 'ramp' ? wish : { ...wish, rate };
}

/** Longer prompts and answers than any model takes are a mistake. */
const MOST_TOKENS = 10_000_000;

/** Reads a number, uniform:A-B, normal:MEAN,SD or lognormal:MEDIAN,SIGMA. */
export function lengthWish(text: string): Lengths {
  const [tokens] = numbers('#', text) ?? [];
  if (tokens !== undefined && tokens >= 1 && tokens <= MOST_TOKENS) return { kind: 'constant', tokens };
  const [from, to] = numbers('uniform:#-#', text) ?? [];
  if (from !== undefined && to !== undefined && from >= 1 && to >= from && to <= MOST_TOKENS) return { kind: 'uniform', from, to };
  const [mean, sd] = numbers('normal:#,#', text) ?? [];
  if (mean !== undefined && sd !== undefined && mean >= 1 && mean <= MOST_TOKENS) return { kind: 'normal', mean, sd };
  const [median, sigma] = numbers('lognormal:#,#', text) ?? [];
  if (median !== undefined && sigma !== undefined && median >= 1 && median <= MOST_TOKENS && sigma <= 5)
    return { kind: 'lognormal', median, sigma };
  throw new InvalidArgumentError(
    'It must be a number of tokens, uniform:A-B, normal:MEAN,SD or lognormal:MEDIAN,SIGMA (as lognormal:512,0.8).',
  );
}

const MOST_IN_FLIGHT = 65_536;
const inFlight = (text: string): number => {
  const value = Number(text);
  if (!/^[1-9]\d*$/.test(text) || value > MOST_IN_FLIGHT)
    throw new InvalidArgumentError(`Each must be a whole number from 1 to ${MOST_IN_FLIGHT}, as 1,2,4,8.`);
  return value;
};
/** Reads 1,2,4,8. */
export const concurrencies = (text: string): number[] => text.split(',').map(part => inFlight(part.trim()));

/** Reads 1-4096: the powers of two from one number to the other, with both ends. */
export function sweep(text: string): number[] {
  const [, first = '', last = ''] = /^(\d+)-(\d+)$/.exec(text.trim()) ?? [];
  if (first === '') throw new InvalidArgumentError('It must be FROM-TO, as 1-4096.');
  const [from, to] = [inFlight(first), inFlight(last)];
  if (to < from) throw new InvalidArgumentError('The second number must not be smaller, as in 1-4096.');
  const out = [];
  for (let n = from; n < to; n *= 2) out.push(n);
  return [...out, to];
}
