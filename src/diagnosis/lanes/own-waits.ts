import type { HostCalls } from '#trace/events/host-calls';
import type { Activity } from '#trace/events/host-categories';
import type { Loss } from './loss.ts';

/** What a thread does that waits for its own GPU, or for a place in its queue. */
const FOR_ITS_GPU: ReadonlySet<Activity> = new Set<Activity>(['sync', 'copy', 'launch', 'other-cuda']);

/**
 * Losses whose waits lead to a rank that works in lockstep with the lane, and that merely waits for its own GPU, taken back to the lane's own thread: that GPU
 * waits in a collective for this lane, so the wait would be its own reason.
 * @param peers processes (as the trace numbers them) of the other ranks
 */
export function ownWaits(losses: readonly Loss[], threads: HostCalls['threads'], peers: ReadonlySet<number>): readonly Loss[] {
  if (peers.size === 0) return losses;
  return losses.map(loss => {
    if (loss.kind !== 'starved') return loss;
    const [first] = loss.via;
    const led = threads[loss.root]?.process;
    if (first === undefined || led === undefined || !peers.has(led) || !FOR_ITS_GPU.has(loss.activity)) return loss;
    return { ...loss, root: first.thread, activity: 'wait', call: first.call, via: [] };
  });
}
