import { randomLogNormal, randomNormal, randomUniform } from 'd3-random';

/** How many tokens prompts or answers have. */
export type Lengths =
  | { readonly kind: 'constant'; readonly tokens: number }
  | { readonly kind: 'uniform'; readonly from: number; readonly to: number }
  | { readonly kind: 'normal'; readonly mean: number; readonly sd: number }
  | { readonly kind: 'lognormal'; readonly median: number; readonly sigma: number }
  /** One for each request of a trace, used again from the beginning when there are more requests. */
  | { readonly kind: 'trace'; readonly tokens: readonly number[] };

/** Draws whole numbers of tokens, 1 at least. */
export function lengths(of: Lengths, n: number, source: () => number): Uint32Array {
  const draw = drawing(of, source);
  return Uint32Array.from({ length: n }, (_, i) => Math.max(1, Math.round(draw(i))));
}

function drawing(of: Lengths, source: () => number): (i: number) => number {
  switch (of.kind) {
    case 'constant':
      return () => of.tokens;
    case 'uniform': {
      // Half a token either side, so that both ends are as likely as what lies between.
      const draw = randomUniform.source(source)(of.from - 0.5, of.to + 0.5);
      return () => Math.min(of.to, Math.max(of.from, draw()));
    }
    case 'normal':
      return randomNormal.source(source)(of.mean, of.sd);
    case 'lognormal':
      return randomLogNormal.source(source)(Math.log(of.median), of.sigma);
    case 'trace':
      return i => of.tokens[i % of.tokens.length] ?? 1;
  }
}
