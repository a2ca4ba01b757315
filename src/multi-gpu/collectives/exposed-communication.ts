import { realAt } from '#core/columns';
import type { Ns } from '#core/units';
import type { Ranks } from '#multi-gpu/ranks/ranks';
import type { CollectiveSource } from '#multi-gpu/ranks/source';
import { STATE, sweepDevices } from '#trace/devices/device-sweep';

/** How long the ranks' GPUs communicated, and how long of that with no compute beside it, summed over all of them. */
export interface Exposure {
  readonly communication: Ns;
  readonly exposedCommunication: Ns;
}

export function exposureOf(sources: readonly CollectiveSource[], { ranks, streams }: Ranks): Exposure {
  let communication = 0;
  let exposedCommunication = 0;
  for (const [s, source] of sources.entries()) {
    const devices = new Set(ranks.filter(r => r.source === s).map(r => r.device));
    const own = streams.filter(c => ranks[c.rank]?.source === s && c.n > 0);
    const from = Math.min(...own.map(c => realAt(c.start, 0)));
    const to = Math.max(...own.map(c => realAt(c.end, c.n - 1)));
    sweepDevices(source.ops, from, to, (device, start, end, state) => {
      if ((state & STATE.communication) === 0 || !devices.has(device)) return;
      communication += end - start;
      if ((state & STATE.compute) === 0) exposedCommunication += end - start;
    });
  }
  return { communication, exposedCommunication };
}
