import { valueAt } from '#core/columns';
import type { Ms } from '#core/units';
import { knownAt } from '#input/series/known-at';
import { SUMMER_ENDED } from '#input/series/sampled';
import { badRecord } from '#input/text/bad-record';
import type { WarningCounter } from '#input/text/warning-counter';
import { clockHistory } from '#input/time/clock-change';
import type { Unplaced } from './sample.ts';

const NS_PER_MS = 1e6;

/** In what order samples were taken, and what that shows of the clock. */
export interface InTime {
  /** The numbers of the samples in the order of their times, and of their lines where those are equal. */
  readonly order: Uint32Array;
  readonly ranBack_ms: Ms;
}

/** Puts the samples in the order of their times; after a change to winter time they are moved on by the hour that was lived twice. What runs back is noted in `counter`. */
export const inTime = ({ ns, line, gpu, zoned }: Unplaced, counter: WarningCounter): InTime => {
  const order = Uint32Array.from({ length: ns.length }, (_, i) => i);
  const times_ms = Float64Array.from(order, i => knownAt(ns, i) / NS_PER_MS);
  const { shift_ms, changes, ranBack_ms } = clockHistory(times_ms, i => knownAt(gpu, i), !zoned);
  for (const i of changes) counter.note(SUMMER_ENDED, knownAt(line, i));
  if (shift_ms !== undefined) for (const i of order) ns.set(i, knownAt(ns, i) + valueAt(shift_ms, i) * NS_PER_MS);
  let latest = Number.NEGATIVE_INFINITY;
  let rising = true;
  for (let i = 0; i < ns.length; i++) {
    const now = knownAt(ns, i);
    if (now < latest) {
      counter.note('the sample is earlier than one before it; rows were sorted', knownAt(line, i));
      rising = false;
    } else latest = now;
  }
  return { order: rising ? order : order.sort((a, b) => knownAt(ns, a) - knownAt(ns, b) || a - b), ranBack_ms };
};

/** One in so many readings of a moment is an accident; more are several GPUs, or several machines, that nothing tells apart. */
const FEW = 8;
const FEWEST = 8;
export const BURSTS = 'the samples come in bursts, as from several GPUs, and no column tells which is which';
const SEVERAL = 'a GPU is read several times at one moment, as where several machines write one file, and no column tells which is which';
const TELL_APART = 'Add uuid and index to --query-gpu.';

/**
 * Leaves out copies of a line: what has the time, the GPU and all the values of a sample before it. They are noted in `counter`.
 * @throws ForensicsError 'bad-record' where a GPU is read again and again at one moment: there are several, and no column tells which is which
 */
export const withoutCopies = (
  order: Uint32Array,
  { samples, ns, line, gpu, gpus, resolution_ms }: Unplaced,
  source: string,
  counter: WarningCounter,
): Uint32Array => {
  const keyOf = (i: number) => `${gpu.at(i)}:${samples.fingerprint(i)}`;
  let [kept, again, copies] = [0, 0, 0];
  let now: number | null = null;
  /** Of this moment: the first sample of each GPU, and keys of those whose GPU came again. */
  const firsts = new Map<number | null, number>();
  const keys = new Set<string>();
  for (const i of order) {
    if (ns.at(i) !== now) {
      firsts.clear();
      keys.clear();
      now = ns.at(i);
    }
    const first = firsts.get(gpu.at(i));
    if (first === undefined) firsts.set(gpu.at(i), i);
    else {
      keys.add(keyOf(first));
      if (keys.has(keyOf(i))) {
        counter.note('the line is there twice; the copy was left out', knownAt(line, i));
        copies += 1;
        continue;
      }
      keys.add(keyOf(i));
      again += 1;
    }
    order[kept++] = i;
  }
  // Where nothing tells GPUs apart, equal lines are as likely those of idle neighbours. Whole seconds hold many readings of one GPU.
  const isNameless = gpus.every(g => g.index === undefined && g.bus === undefined && g.uuid === undefined && g.serial === undefined);
  const repeated = isNameless ? again + copies : order.length < FEWEST ? 0 : again;
  if (resolution_ms < 1000 && FEW * repeated > order.length) throw badRecord({ source }, isNameless ? BURSTS : SEVERAL, TELL_APART);
  return order.slice(0, kept);
};
