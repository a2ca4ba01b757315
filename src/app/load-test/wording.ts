import type { Arrivals } from '#record/load-test/generator/arrivals';
import type { Lengths } from '#record/load-test/generator/lengths';

// What was asked, as load.json keeps it: in the words of the options of `forensics load`.

/** Arrivals in the words in which they are asked for; the rate stands elsewhere. */
export function arrivalWords(of: Arrivals): string {
  switch (of.kind) {
    case 'gamma':
      return `gamma:${of.cv}`;
    case 'ramp':
      return `ramp:${of.from}-${of.to}`;
    default:
      return of.kind;
  }
}

/** Lengths in the words in which they are asked for. */
export function lengthWords(of: Lengths): string {
  switch (of.kind) {
    case 'constant':
      return String(of.tokens);
    case 'uniform':
      return `uniform:${of.from}-${of.to}`;
    case 'normal':
      return `normal:${of.mean},${of.sd}`;
    case 'lognormal':
      return `lognormal:${of.median},${of.sigma}`;
    case 'trace':
      return 'as in the trace';
  }
}
