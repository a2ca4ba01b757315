import { group, max, median, sum } from 'd3-array';
import { gbps } from '#core/format/numbers';
import type { Pipeline } from '#schema/pipeline';
import { gbpsOf, type PeerCopy } from './peer-copy.ts';
import { RATE_BYTES, totalStagingCost } from './staging-cost.ts';
import { type Links, linkBetween, pcieGbps } from './topology.ts';

type CopyPair = Pipeline['copies'][number];
type Path = Pick<CopyPair, 'path' | 'why'>;

/** Which way the copies between two GPUs went, judged by their rate and by the topology. */
function pathOf(copies: readonly PeerCopy[], links: Links | undefined): Path {
  const [first] = copies;
  if (first === undefined) return { path: 'unknown', why: 'no copies' };
  if (first.form === 'driver-staged')
    return { path: 'staged', why: 'the driver led each copy through the host: two rows, down and up, under one call. Peer access is off' };
  if (first.form === 'explicit-staged')
    return { path: 'staged', why: 'the program downloads to host memory and uploads as many bytes to the other GPU right after' };
  const limitGbps = pcieGbps(links);
  const best = max(copies, gbpsOf) ?? 0;
  const rate = `up to ${gbps(best)}`;
  if (best > limitGbps) return { path: 'nvlink', why: `${rate}, more than PCIe carries (${gbps(limitGbps)} raw, one way)` };
  const link = linkBetween(links?.topology, first.source, first.destination);
  if (link?.startsWith('NV')) return { path: 'nvlink', why: `the topology says ${link}; ${rate}` };
  if (link !== undefined) return { path: 'pcie', why: `the topology says ${link}; ${rate}` };
  return {
    path: 'unknown',
    why: `${rate}, which PCIe can carry (${gbps(limitGbps)} raw) and NVLink too; no topology came with the trace`,
  };
}

/** The copies between each two GPUs, in each way that they went: the largest sum of bytes first. */
export function copyPairs(copies: readonly PeerCopy[], links?: Links): CopyPair[] {
  const pairs = [...group(copies, c => `${c.source}|${c.destination}|${c.form}`).values()].map((list): CopyPair => {
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
      staged_against: cost?.against ?? null,
      hidden_share:
        hidden.length === 0 || time <= 0
          ? null
          : sum(hidden, c => (c.hiddenSource ?? Number.NaN) * (c.end - c.start)) / sum(hidden, c => c.end - c.start),
    };
  });
  return pairs.sort((a, b) => b.bytes - a.bytes || (`${a.source}${a.destination}` < `${b.source}${b.destination}` ? -1 : 1));
}
