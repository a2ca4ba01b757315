import { gbps } from '#core/format/numbers';
import type { PathBasis, PeerCopyPair } from '#multi-gpu/peer-copies/copy-pairs';
import type { StagedAgainst } from '#multi-gpu/peer-copies/staging-cost';
import type { Pipeline } from '#schema/pipeline';

function oneAgainst(a: StagedAgainst): string {
  switch (a.by) {
    case 'same-size':
      return 'direct copies of the same size';
    case 'direct-rate':
      return 'the rate of the direct copies';
    case 'link':
      return `${a.link} at ${gbps(a.gbps)}`;
    case 'one-hop':
      return 'one hop instead of two (a lower bound)';
  }
}

/** What staged copies were compared with; null where none were. */
export const againstText = (all: readonly StagedAgainst[]): string | null => (all.length === 0 ? null : all.map(oneAgainst).join('; '));

function pathText(path: Pipeline['copies'][number]['path'], basis: PathBasis): string {
  switch (basis.by) {
    case 'no-copies':
      return 'no copies';
    case 'two-rows':
      return 'the driver led each copy through the host: two rows, down and up, under one call. Peer access is off';
    case 'two-copies':
      return 'the program downloads to host memory and uploads as many bytes to the other GPU right after';
    case 'topology':
      return `the topology says ${basis.link}; up to ${gbps(basis.gbps)}`;
    case 'rate': {
      const raw = gbps(basis.pcieGbps);
      const rate = `up to ${gbps(basis.gbps)}`;
      return path === 'nvlink'
        ? `${rate}, more than PCIe carries (${raw} raw, one way)`
        : `${rate}, which PCIe can carry (${raw} raw) and NVLink too; no topology came with the trace`;
    }
  }
}

/** The copies between each two GPUs, and how their path was judged. */
export const wordCopies = (pairs: readonly PeerCopyPair[]): Pipeline['copies'] =>
  pairs.map(({ basis, stagedAgainst, ...pair }) => ({
    ...pair,
    why: pathText(pair.path, basis),
    staged_against: againstText(stagedAgainst),
  }));
