import { median, rollup, sum } from 'd3-array';
import type { Bytes, Ns, Share } from '#core/units';
import { gbpsOf, isStaged, type PeerCopy } from './peer-copy.ts';
import { type Links, linkBetween, nvlinkGbps } from './topology.ts';

/** Share of the links' raw rate that a copy reaches: 386 of 478 GB/s on two H200 with 18 links (captures/pipe). */
const REACHED_SHARE: Share = 0.8;
/** Smaller copies are ruled by their fixed cost, not by the link's rate. */
export const RATE_BYTES: Bytes = 2 ** 20;

/** What a staged copy is compared with, the surest first; the last is a lower bound. */
export type StagedAgainst =
  | { readonly by: 'same-size' | 'direct-rate' | 'one-hop' }
  /** What that link would have reached. */
  | { readonly by: 'link'; readonly link: string; readonly gbps: number };

/** The staging cost of one transfer, or of several. */
export interface StagingCost {
  readonly ns: Ns;
  /** What the staged copies were compared with. */
  readonly against: readonly StagedAgainst[];
}

/**
 * Prepares to tell what staging cost one copy beyond a direct one. Compared with, the first that there is: direct copies of
 * the same size among those given, the rate of the other direct ones, the rate of the links that system.json tells of, and else
 * the longer of the two hops, since a direct copy over the same bus needs no second one (a lower bound).
 */
export function stagingCost(copies: readonly PeerCopy[], links?: Links): (copy: PeerCopy) => StagingCost {
  const direct = copies.filter(c => !isStaged(c));
  const rate = median(
    direct.filter(c => c.bytes >= RATE_BYTES),
    gbpsOf,
  );
  const bySize = rollup(
    direct,
    list => median(list, d => d.end - d.start),
    d => d.bytes,
  );
  return copy => {
    const [least, against] = directTime(copy, bySize.get(copy.bytes), rate, links);
    return { ns: isStaged(copy) ? Math.max(0, copy.end - copy.start - least) : 0, against: [against] };
  };
}

/** What staging cost all staged copies together; undefined where nothing was staged. @param among the direct copies to compare with */
export function totalStagingCost(copies: readonly PeerCopy[], links?: Links, among: readonly PeerCopy[] = copies): StagingCost | undefined {
  const staged = copies.filter(isStaged);
  if (staged.length === 0) return undefined;
  const costs = staged.map(stagingCost(among, links));
  return { ns: sum(costs, c => c.ns), against: distinct(costs.flatMap(c => c.against)) };
}

const keyOf = (a: StagedAgainst) => (a.by === 'link' ? `${a.link} ${a.gbps}` : a.by);
const distinct = (all: readonly StagedAgainst[]) => [...new Map(all.map(a => [keyOf(a), a])).values()];

/** How long a direct copy would have taken, and by what that is known. */
function directTime(
  copy: PeerCopy,
  sameSize: Ns | undefined,
  rateGbps: number | undefined,
  links: Links | undefined,
): readonly [Ns, StagedAgainst] {
  if (sameSize !== undefined) return [sameSize, { by: 'same-size' }];
  if (rateGbps !== undefined && copy.bytes >= RATE_BYTES) return [copy.bytes / rateGbps, { by: 'direct-rate' }];
  const link = linkBetween(links?.topology, copy.source, copy.destination);
  const raw = link?.startsWith('NV') ? nvlinkGbps(links, copy.source) : undefined;
  if (link !== undefined && raw !== undefined) return [copy.bytes / (REACHED_SHARE * raw), { by: 'link', link, gbps: REACHED_SHARE * raw }];
  return [Math.max(copy.firstHopEnd - copy.start, copy.end - copy.lastHopStart), { by: 'one-hop' }];
}
