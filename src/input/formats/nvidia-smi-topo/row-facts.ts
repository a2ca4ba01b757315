import { badRecord, quote } from '#input/text/bad-record';
import type { FactRow } from '#schema/relation';

/** Ways between two devices, in the words of the legend; NV# is # NVLinks together. */
const WAY = /^(?:NV(\d{1,3})|PIX|PXB|PHB|NODE|SYS)$/;
/** What -p2p says of a pair. */
const PEER = /^(?:OK|CNS|GNS|TNS|NS|DR|U)$/;

/** GPU0 is "GPU 0" elsewhere. */
const nameOf = (device: string): string => device.replace(/^(GPU|NIC)(\d+)$/, '$1 $2');

const pairOf = (one: string, other: string): string => [nameOf(one), nameOf(other)].sort(byNumber).join('-');
const byNumber = (a: string, b: string): number => a.localeCompare(b, 'en', { numeric: true });

/** How two devices are connected; nothing for a device and itself. */
export const linkFact = (one: string, other: string, cell: string, place: { source: string; line: number }): FactRow[] => {
  if (cell === 'X' || cell === 'N/A') return [];
  const way = WAY.exec(cell);
  if (way === null && !PEER.test(cell))
    throw badRecord({ ...place, field: other }, `${quote(cell)} is no link that nvidia-smi knows`, 'Mend or delete this line.');
  const entity = pairOf(one, other);
  if (way === null) return [{ entity, name: 'peer_to_peer', value: cell, unit: '' }];
  const link: FactRow = { entity, name: 'link', value: cell, unit: '' };
  return way[1] === undefined ? [link] : [link, { entity, name: 'nvlinks', value: Number(way[1]), unit: '' }];
};

/** Which CPUs and memory are near a GPU; nothing where the row does not have as many values as there are headings. */
export const affinityFacts = (device: string, headings: readonly string[], values: readonly string[]): FactRow[] =>
  headings.length !== values.length
    ? []
    : headings.flatMap((heading, i) => {
        const value = values[i] ?? 'N/A';
        return value === 'N/A' ? [] : [{ entity: nameOf(device), name: heading.toLowerCase().replaceAll(' ', '_'), value, unit: '' }];
      });
