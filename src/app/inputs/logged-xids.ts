import type { XidError } from '#machine/machine-facts';
import type { AnySeries } from '#schema/relation';

const PCI = /^PCI (.+)$/;

/** Xid errors in logs of the kernel; those of a log without a known time of day may lie anywhere. */
export const loggedXids = (all: readonly AnySeries[]): XidError[] =>
  all.flatMap(series => {
    if (series.kind !== 'samples') return [];
    const at = (t_ms: number) => (series.clock.kind === 'epoch' ? series.origin_ns + BigInt(Math.round(t_ms * 1e6)) : undefined);
    return series.rows.flatMap(r => {
      const [, pci] = PCI.exec(r.entity) ?? [];
      return r.metric === 'xid' && pci !== undefined ? [{ ns: at(r.t_ms), pci, xid: r.value }] : [];
    });
  });
