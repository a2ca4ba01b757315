import type { MachineFacts } from '#machine/machine-facts';
import type { Snapshot } from '#schema/snapshot';

/** What the rules judge of a snapshot. Counters of links stand among its facts: there is one reading of each. */
export const machineFactsOf = ({ facts, xids }: Pick<Snapshot, 'facts' | 'xids'>): MachineFacts => ({
  xids: (xids ?? []).map(({ ns, pci, xid }) => ({ ns: ns === null ? undefined : BigInt(ns), pci, xid })),
  links: [],
  facts,
});
