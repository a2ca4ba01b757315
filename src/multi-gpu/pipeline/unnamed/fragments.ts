import type { Share } from '#core/units';
import type { LaneEvents } from './lane-events.ts';
import { type Segment, segmentOf, usualBusy } from './segments.ts';

/** Parts of one operation that two threads launch in turn are each shorter than this share of one. */
const PART: Share = 0.5;

/** The thread that launched most of what some segments computed. */
function mainThread(parts: readonly Segment[]): number {
  const busy = new Map<number, number>();
  for (const p of parts) busy.set(p.thread, (busy.get(p.thread) ?? 0) + p.busy);
  return [...busy].reduce((a, b) => (b[1] > a[1] ? b : a), [-1, -1] as [number, number])[0];
}

/**
 * Joins what two threads launched in turn without a message between: in a backward of the weights PyTorch's autograd computes each gradient, and the thread that
 * called it adds it up. Parts as long as an operation stay apart.
 */
export function joinFragments(lane: LaneEvents, segments: readonly Segment[]): Segment[] {
  const most = PART * usualBusy(segments);
  const out: Segment[] = [];
  let open: Segment[] = [];
  const close = () => {
    const [first] = open;
    if (first !== undefined && open.length === 1) out.push(first);
    else if (first !== undefined) {
      const joined = segmentOf(
        lane,
        open.flatMap(s => s.events),
        first.messages,
      );
      out.push({ ...joined, thread: mainThread(open) });
    }
    open = [];
  };
  for (const s of segments) {
    const last = open.at(-1);
    if (last !== undefined && (s.messages > 0 || s.busy > most || last.busy > most || s.thread === last.thread)) close();
    open.push(s);
  }
  close();
  return out;
}
