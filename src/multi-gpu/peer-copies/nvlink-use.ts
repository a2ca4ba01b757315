import { group, max, mean, sum } from 'd3-array';
import type { Share } from '#core/units';
import type { Row } from '#trace/queries/index.gen';
import type { TraceSource } from '#trace/source';

/** How busy the NVLinks were in the whole trace, as shares of their peak. */
export interface NvlinkUse {
  /** Mean over the trace and over GPUs, of the busier direction; null where the counters say nothing. */
  readonly share: Share | null;
  readonly gpus: readonly { readonly gpu: string; readonly share: Share; readonly peak: Share }[];
}

const FULL = 100;

/** Reads the NVLink counters among the GPU metrics. They are of a GPU's links together: nothing is said of any peer. */
export function nvlinkUse(store: TraceSource): NvlinkUse {
  const answer = store.ask('nvlink_use');
  return nvlinkShares(answer.ok ? answer.rows : []);
}

export function nvlinkShares(rows: readonly Row<'nvlink_use'>[]): NvlinkUse {
  if (rows.length === 0) return { share: null, gpus: [] };
  // Counters of links that are not active never leave 100 %.
  const sound = rows.filter(r => r.least < FULL);
  const gpus = [...group(sound, r => r.gpu)].map(([gpu, counters]) => {
    // Payload of writes (requests) and of reads (responses) add up in a direction.
    const directions = [...group(counters, r => (r.name.includes(' TX ') ? 'TX' : 'RX')).values()];
    return {
      gpu: `GPU ${gpu}`,
      share: Math.min(FULL, max(directions, d => sum(d, r => r.percent_sum / r.samples)) ?? 0) / FULL,
      peak: Math.min(FULL, max(directions, d => sum(d, r => r.most)) ?? 0) / FULL,
    };
  });
  return { share: gpus.length === 0 ? null : (mean(gpus, g => g.share) ?? null), gpus };
}
