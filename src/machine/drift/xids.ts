import type { Snapshot } from '#schema/snapshot';
import type { Change } from './change.ts';

type Xids = NonNullable<Snapshot['xids']>;

/** Errors of the kernel's log that were not there before, one for each board and number; nothing where one log was not read. */
export function xidChanges(before: Snapshot['xids'], now: Snapshot['xids']): readonly Change[] {
  if (before === null || now === null) return [];
  const key = ({ pci, xid, ns }: Xids[number]) => [pci, xid, ns].join('\n');
  const known = new Set(before.map(key));
  const times = new Map<string, Change & { now: number }>();
  for (const error of now.filter(x => !known.has(key(x)))) {
    const seen = times.get(`${error.pci} ${error.xid}`);
    if (seen !== undefined) seen.now += 1;
    else
      times.set(`${error.pci} ${error.xid}`, {
        ...{ kind: 'xid', severity: 'high', entity: `PCI ${error.pci}`, name: `Xid ${error.xid}`, before: null, now: 1, unit: '' },
      });
  }
  return [...times.values()];
}
