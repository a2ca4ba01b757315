import { byteAt, realAt } from '#core/columns';
import type { Ns } from '#core/units';
import { GAP_CLASSES, type GapClass } from '#schema/report';

/**
 * Idle gaps of one physical device in order of start, one typed array per column. Times in ns since the session began.
 * A gap that is only partly in demand appears as several parts with the same `endedBy`.
 */
export interface DeviceGaps {
  readonly n: number;
  /** When the device fell idle, or the window's or the demand's edge inside the gap. */
  readonly start: Float64Array;
  readonly end: Float64Array;
  /** Index into GAP_CLASSES. */
  readonly class: Uint8Array;
  /** Index in GpuOps of the operation that ended the gap. */
  readonly endedBy: Int32Array;
  /** Index in ApiCalls of the call that launched it, -1 where none was recorded. */
  readonly call: Int32Array;
}

/** Position of each class in GAP_CLASSES. */
export const CLASS = Object.fromEntries(GAP_CLASSES.map((name, i) => [name, i])) as Readonly<Record<GapClass, number>>;

/**
 * How long the class of gap i is sure, and how long it is possible. The two differ for one class: a straddling launch
 * may have enqueued its work before the gap opened (then none of the gap was starvation) or after (then all of it may have been),
 * so "starved" holds for at least the sum over `starved` and at most that plus the upper bound of `straddling`.
 */
export const gapLower = (gaps: DeviceGaps, i: number): Ns => (byteAt(gaps.class, i) === CLASS.straddling ? 0 : gapUpper(gaps, i));
export const gapUpper = (gaps: DeviceGaps, i: number): Ns => realAt(gaps.end, i) - realAt(gaps.start, i);

/** Collects gaps in arrays that grow. */
export function gapList() {
  let capacity = 256;
  let n = 0;
  const grown = <A extends Float64Array | Int32Array | Uint8Array>(old: A, next: A): A => {
    next.set(old);
    return next;
  };
  let start = new Float64Array(capacity);
  let end = new Float64Array(capacity);
  let kind = new Uint8Array(capacity);
  let endedBy = new Int32Array(capacity);
  let call = new Int32Array(capacity);
  return {
    add(a: Ns, b: Ns, gapClass: number, op: number, launch: number) {
      if (n === capacity) {
        capacity *= 2;
        start = grown(start, new Float64Array(capacity));
        end = grown(end, new Float64Array(capacity));
        kind = grown(kind, new Uint8Array(capacity));
        endedBy = grown(endedBy, new Int32Array(capacity));
        call = grown(call, new Int32Array(capacity));
      }
      start[n] = a;
      end[n] = b;
      kind[n] = gapClass;
      endedBy[n] = op;
      call[n] = launch;
      n++;
    },
    done: (): DeviceGaps => ({
      n,
      start: start.subarray(0, n),
      end: end.subarray(0, n),
      class: kind.subarray(0, n),
      endedBy: endedBy.subarray(0, n),
      call: call.subarray(0, n),
    }),
  };
}
