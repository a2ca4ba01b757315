import type { WarningCounter } from '#input/text/warning-counter';
import type { When } from '#input/time/sample-clock';

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

const noteDisorder = (samples: readonly Sampled[], counter: WarningCounter): void => {
  let latest: bigint | undefined;
  for (const { ns, line } of samples) {
    if (latest !== undefined && ns < latest) counter.note('the sample is earlier than one before it; rows were sorted', line);
    else latest = ns;
  }
};
