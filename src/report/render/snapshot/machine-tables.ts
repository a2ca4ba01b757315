import { count, plain } from '#core/format/numbers';
import type { Snapshot, VersionFit } from '#schema/snapshot';
import { type Listing, listing } from '../parallel/listing.ts';
import { type FactsByEntity, factText } from './facts-by-entity.ts';

const FIT: Readonly<Record<VersionFit['fit'], string>> = {
  same: 'the same',
  compatible: 'compatible',
  incompatible: 'does not fit',
  'cannot-tell': 'cannot tell',
};
const WORST_FIRST: Readonly<Record<VersionFit['fit'], number>> = { incompatible: 0, 'cannot-tell': 1, compatible: 2, same: 3 };

export const fits = ({ fits: all }: Snapshot): Listing =>
  listing(
    'Versions that must go together',
    all.toSorted((a, b) => WORST_FIRST[a.fit] - WORST_FIRST[b.fit]),
    [
      { head: 'What', text: f => f.of },
      { head: 'on', text: f => f.with },
      { head: 'Verdict', text: f => FIT[f.fit] },
      { head: 'Rule', text: f => `${f.rule} (${f.source}.)`, prose: true },
    ],
  );

export const xids = ({ xids: all }: Snapshot): Listing => {
  const kinds = new Map<string, number>();
  for (const { pci, xid } of all ?? []) kinds.set(`${pci} ${xid}`, (kinds.get(`${pci} ${xid}`) ?? 0) + 1);
  return listing(
    'Errors that the driver told the kernel (Xid)',
    [...kinds],
    [
      { head: 'GPU (PCI address)', text: ([kind]) => kind.split(' ')[0] ?? '' },
      { head: 'Xid', text: ([kind]) => kind.split(' ')[1] ?? '', numeric: true },
      { head: 'Times', text: ([, times]) => plain(times), numeric: true },
    ],
  );
};

/** Facts of things that are not one of many. */
const ENTITIES = [
  'machine',
  'software',
  'environment',
  'fabric manager',
  'NCCL',
  'vLLM',
  'kernel log',
  'host',
  'container',
  'git',
] as const;

export const others = (facts: FactsByEntity): Listing =>
  listing(
    'Versions, settings, the host and its limits',
    ENTITIES.flatMap(entity => facts.of(entity)),
    [
      { head: 'Of', text: f => f.entity },
      { head: 'What', text: f => (f.entity === 'environment' ? f.name : f.name.replaceAll('_', ' ')) },
      { head: 'Value', text: factText, prose: true },
    ],
  );

export const missing = ({ missing: all }: Snapshot): Listing =>
  listing('What is not known', all, [
    { head: 'What', text: m => m.what },
    { head: 'Why', text: m => m.why, prose: true },
  ]);

export const sources = ({ sources: all }: Snapshot): Listing =>
  listing('Read for this', all, [
    { head: 'What', text: s => s.what },
    { head: 'Format', text: s => s.format },
    { head: 'SHA-256', text: s => s.sha256 ?? '' },
  ]);

/** "2 more things". */
export const unknownCount = ({ missing: all }: Snapshot): string => count(all.length, 'thing is not known', 'things are not known');
