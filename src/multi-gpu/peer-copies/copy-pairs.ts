import { group, max, median, sum } from 'd3-array';
import type { Pipeline } from '#schema/pipeline';
import { gbpsOf, type PeerCopy } from './peer-copy.ts';
import { RATE_BYTES, type StagedAgainst, totalStagingCost } from './staging-cost.ts';
import { type Links, linkBetween, pcieGbps } from './topology.ts';

type CopyPair = Pipeline['copies'][number];

/** How the path of copies was judged. Rates are the best that was seen, and what PCIe can carry raw, GB/s. */
export type PathBasis =
  | { readonly by: 'no-copies' | 'two-rows' | 'two-copies' }
  | { readonly by: 'rate'; readonly gbps: number; readonly pcieGbps: number }
  | { readonly by: 'topology'; readonly link: string; readonly gbps: number };

/** All copies between one pair of places, and how their path was judged. */
export interface PeerCopyPair extends Omit<CopyPair, 'why' | 'staged_against'> {
  readonly basis: PathBasis;
  readonly stagedAgainst: readonly StagedAgainst[];
}

type Path = Pick<PeerCopyPair, 'path' | 'basis'>;

/** Which way the copies between two GPUs went, judged by their rate and by the topology. */
function pathOf(copies: readonly PeerCopy[], links: Links | undefined): Path {
  const [first] = copies;
  if (first === undefined) return { path: 'unknown', basis: { by: 'no-copies' } };
  if (first.form === 'driver-staged') return { path: 'staged', basis: { by: 'two-rows' } };
  if (first.form === 'explicit-staged') return { path: 'staged', basis: { by: 'two-copies' } };
  const limitGbps = pcieGbps(links);
  const best = max(copies, gbpsOf) ?? 0;
  const byRate: PathBasis = { by: 'rate', gbps: best, pcieGbps: limitGbps };
  if (best > limitGbps) return { path: 'nvlink', basis: byRate };
  const link = linkBetween(links?.topology, first.source, first.destination);
  if (link !== undefined) return { path: link.startsWith('NV') ? 'nvlink' : 'pcie', basis: { by: 'topology', link, gbps: best } };
  return { path: 'unknown', basis: byRate };
}

/** The copies between each two GPUs, in each way that they went: the largest sum of bytes first. */
export function copyPairs(copies: readonly PeerCopy[], links?: Links): PeerCopyPair[] {
  const pairs = [...group(copies, c => `${c.source}|${c.destination}|${c.form}`).values()].map((list): PeerCopyPair => {
    const time = sum(list, c => c.end - c.start);
    const hidden = list.filter(c => c.hiddenSource !== undefined);
    const cost = totalStagingCost(list, links, copies);
    const large = list.filter(c => c.bytes >= RATE_BYTES);
    return {
      source: list[0]?.source ?? '',
      destination: list[0]?.destination ?? '',
      ...pathOf(list, links),
      count: list.length,
      bytes: sum(list, c => c.bytes),
      gbps: median(large, gbpsOf) ?? null,
      median_us: (median(list, c => c.end - c.start) ?? 0) / 1000,
      staged_lost_ms: cost === undefined ? null : cost.ns / 1e6,
      stagedAgainst: cost?.against ?? [],
      hidden_share:
        hidden.length === 0 || time <= 0
          ? null
          : sum(hidden, c => (c.hiddenSource ?? Number.NaN) * (c.end - c.start)) / sum(hidden, c => c.end - c.start),
    };
  });
  return pairs.sort((a, b) => b.bytes - a.bytes || (`${a.source}${a.destination}` < `${b.source}${b.destination}` ? -1 : 1));
}
