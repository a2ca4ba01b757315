import type { WarningCounter } from '#input/text/warning-counter';
import type { Unplaced } from './sample.ts';

/** The numbers of the samples in the order of their times, and of their lines where those are equal. What runs back is noted in `counter`. */
export const inTime = ({ ns, line }: Unplaced, counter: WarningCounter): Uint32Array => {
  const order = Uint32Array.from({ length: ns.length }, (_, i) => i);
  let latest = Number.NEGATIVE_INFINITY;
  let rising = true;
  for (let i = 0; i < ns.length; i++) {
    const now = ns.at(i) ?? 0;
    if (now < latest) {
      counter.note('the sample is earlier than one before it; rows were sorted', line.at(i) ?? 0);
      rising = false;
    } else latest = now;
  }
  return rising ? order : order.sort((a, b) => (ns.at(a) ?? 0) - (ns.at(b) ?? 0) || a - b);
};

/** Leaves out copies of a line: what has the time, the GPU and all the values of a sample before it. They are noted in `counter`. */
export const withoutCopies = (order: Uint32Array, { samples, ns, line, label }: Unplaced, counter: WarningCounter): Uint32Array => {
  const keyOf = (i: number) => `${label.at(i)}:${samples.fingerprint(i)}`;
  let kept = 0;
  let now: number | null = null;
  /** Of this moment: the first sample of each label, and keys of those whose label came again. */
  const firsts = new Map<number | null, number>();
  const keys = new Set<string>();
  for (const i of order) {
    if (ns.at(i) !== now) {
      firsts.clear();
      keys.clear();
      now = ns.at(i);
    }
    const first = firsts.get(label.at(i));
    if (first === undefined) firsts.set(label.at(i), i);
    else {
      keys.add(keyOf(first));
      if (keys.has(keyOf(i))) {
        counter.note('the line is there twice; the copy was left out', line.at(i) ?? 0);
        continue;
      }
      keys.add(keyOf(i));
    }
    order[kept++] = i;
  }
  return order.slice(0, kept);
};
