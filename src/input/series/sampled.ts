import { valueAt } from '#core/columns';
import type { Ms } from '#core/units';
import type { WarningCounter } from '#input/text/warning-counter';
import { clockHistory } from '#input/time/clock-change';
import { msSince } from '#input/time/nanoseconds';
import type { When } from '#input/time/sample-clock';

const NS_PER_MS = 1_000_000n;
/** Said of the first line after a clock was put back by an hour. */
export const SUMMER_ENDED = 'summer time ended here; what follows was taken as an hour later';

/** One line of a sampled series. */
export interface Sampled {
  readonly line: number;
  readonly text: string;
  readonly ns: bigint;
}

/** What goes with the samples into their series. */
export interface SampledParts {
  readonly format: string;
  readonly source: string;
  readonly when: When;
  readonly limits: readonly string[];
  readonly counter: WarningCounter;
}

/** Sorts samples by time, and by line where times are equal; leaves copies of a line out. Both are noted in `counter`. */
export const inOrder = <S extends Sampled>(samples: readonly S[], counter: WarningCounter): S[] => {
  noteDisorder(samples, counter);
  const copies = new Set<string>();
  let now: bigint | undefined;
  return samples
    .toSorted((a, b) => (a.ns < b.ns ? -1 : a.ns > b.ns ? 1 : a.line - b.line))
    .filter(({ ns, text, line }) => {
      if (ns !== now) copies.clear();
      now = ns;
      if (copies.has(text)) {
        counter.note('the line is there twice; the copy was left out', line);
        return false;
      }
      copies.add(text);
      return true;
    });
};

/**
 * Stamps without a zone run back by an hour where summer time ends: what was written after that is moved on by the hour that was lived twice.
 * @param of which clock a sample belongs to, as a number: whose samples are in order among themselves
 * @returns also by how much a clock ran back otherwise
 */
export const onOneClock = <S extends { readonly ns: bigint; readonly line: number }>(
  samples: readonly S[],
  of: (sample: S) => number,
  { kind }: When,
  counter: WarningCounter,
): { readonly samples: readonly S[]; readonly ranBack_ms: Ms } => {
  const zero = samples[0]?.ns ?? 0n;
  const times_ms = Float64Array.from(samples, s => msSince(zero, s.ns));
  const owners = Float64Array.from(samples, of);
  const { shift_ms, changes, ranBack_ms } = clockHistory(times_ms, i => valueAt(owners, i), kind === 'zoneless');
  for (const i of changes) counter.note(SUMMER_ENDED, samples[i]?.line ?? 0);
  if (shift_ms === undefined) return { samples, ranBack_ms };
  return { samples: samples.map((s, i) => ({ ...s, ns: s.ns + BigInt(valueAt(shift_ms, i)) * NS_PER_MS })), ranBack_ms };
};

const noteDisorder = (samples: readonly Sampled[], counter: WarningCounter): void => {
  let latest: bigint | undefined;
  for (const { ns, line } of samples) {
    if (latest !== undefined && ns < latest) counter.note('the sample is earlier than one before it; rows were sorted', line);
    else latest = ns;
  }
};
