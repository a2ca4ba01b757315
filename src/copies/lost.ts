import { median, sum } from 'd3-array';
import { gbpsOf, isStaged, type PeerCopy } from './peer-copy.ts';
import { type Links, linkBetween, nvlinkGbps } from './topology.ts';

/** Share of the links' raw rate that a copy reaches: 386 of 478 GB/s on two H200 with 18 links (captures/pipe). */
const REACHED_SHARE = 0.8;
/** Smaller copies are ruled by their fixed cost, not by the link's rate. */
export const RATE_BYTES = 2 ** 20;

export interface Lost {
  readonly ns: number;
  /** What the staged copies were compared with. */
  readonly against: string;
}

/**
 * What staging cost beyond direct copies; undefined where nothing was staged. Compared with, the first that there is: direct copies of
 * the same size in this trace, the rate of its other direct copies, the rate of the links that system.json tells of, and else
 * the longer of the two hops, since a direct copy over the same bus needs no second one (a lower bound).
 */
export function lostByStaging(copies: readonly PeerCopy[], links?: Links): Lost | undefined {
  const staged = copies.filter(isStaged);
  if (staged.length === 0) return undefined;
  const direct = copies.filter(c => !isStaged(c));
  const rate = median(
    direct.filter(c => c.bytes >= RATE_BYTES),
    gbpsOf,
  );
  const bases = new Set<string>();
  const sizes = new Map<number, number | undefined>();
  const ns = sum(staged, c => {
    if (!sizes.has(c.bytes))
      sizes.set(
        c.bytes,
        median(
          direct.filter(d => d.bytes === c.bytes),
          d => d.end - d.start,
        ),
      );
    const [least, basis] = directTime(c, sizes.get(c.bytes), rate, links);
    bases.add(basis);
    return Math.max(0, c.end - c.start - least);
  });
  return { ns, against: [...bases].join('; ') };
}

function directTime(
  copy: PeerCopy,
  sameSize: number | undefined,
  rate: number | undefined,
  links: Links | undefined,
): readonly [number, string] {
  if (sameSize !== undefined) return [sameSize, 'direct copies of the same size'];
  if (rate !== undefined && copy.bytes >= RATE_BYTES) return [copy.bytes / rate, 'the rate of the direct copies'];
  const link = linkBetween(links?.topology, copy.source, copy.destination);
  const raw = link?.startsWith('NV') ? nvlinkGbps(links, copy.source) : undefined;
  if (raw !== undefined) return [copy.bytes / (REACHED_SHARE * raw), `${link} at ${Math.round(REACHED_SHARE * raw)} GB/s`];
  return [Math.max(copy.firstHopEnd - copy.start, copy.end - copy.lastHopStart), 'one hop instead of two (a lower bound)'];
}
