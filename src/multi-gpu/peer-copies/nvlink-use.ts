import { group, max, mean, sum } from 'd3-array';
import type { Share } from '#core/units';
import type { Row } from '#trace/queries/index.gen';
import type { TraceSource } from '#trace/source';

/** How busy the NVLinks were in the whole trace, as shares of their peak. */
export interface NvlinkUse {
  /** Mean over the trace and over GPUs, of the busier direction; null where the counters say nothing. */
  readonly share: Share | null;
  readonly gpus: readonly { readonly gpu: string; readonly share: Share; readonly peak: Share }[];
  /** Why there is no share, or what to doubt in it. */
  readonly why: string;
}

const FULL = 100;

/** Reads the NVLink counters among the GPU metrics. They are of a GPU's links together: nothing is said of any peer. */
export function nvlinkUse(store: TraceSource): NvlinkUse {
  const answer = store.ask('nvlink_use');
  return nvlinkShares(answer.ok ? answer.rows : []);
}

export function nvlinkShares(rows: readonly Row<'nvlink_use'>[]): NvlinkUse {
  if (rows.length === 0) return { share: null, gpus: [], why: 'no NVLink counters among the GPU metrics' };
  const inactive = rows.filter(r => r.least >= FULL);
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
  const doubt =
    inactive.length === 0
      ? ''
      : `${inactive.length} counters never left 100 %, as those of links that are not active do: they are left out`;
  return { share: gpus.length === 0 ? null : (mean(gpus, g => g.share) ?? null), gpus, why: doubt };
}
