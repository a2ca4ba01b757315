import { version } from '#app/version';
import { publicMessage } from '#core/secrets/variables';
import { fitsOf, type NsysSupport } from '#machine/snapshot/fits';
import { driverSupport } from '#record/nsys/driver-support';
import { wordFits } from '#report/build/snapshot/fit-words';
import type { AnySeries, FactRow } from '#schema/relation';
import { type Missing, Snapshot, type SnapshotSource } from '#schema/snapshot';

/** What a snapshot is put together from. */
export interface Parts {
  /** Epoch ns; null for saved outputs. */
  readonly takenNs: bigint | null;
  readonly read: readonly { readonly source: SnapshotSource; readonly series: AnySeries }[];
  /** What no importer read, after what they read. */
  readonly facts: readonly FactRow[];
  /** Whether a log of the kernel was looked through, though no error stood in it. */
  readonly kernelLog: boolean;
  readonly missing: readonly Missing[];
  readonly notes: readonly string[];
}

const PCI = /^PCI (.+)$/;

/** Errors of the kernel's logs; null where none was read. */
function xidsOf({ read, kernelLog }: Parts): Snapshot['xids'] {
  const logs = read.flatMap(({ series }) => (series.kind === 'samples' && series.format === 'xid-log' ? [series] : []));
  if (logs.length === 0) return kernelLog ? [] : null;
  return logs.flatMap(({ rows, clock, origin_ns }) =>
    rows.map(({ t_ms, entity, value }) => ({
      ns: clock.kind === 'epoch' ? String(origin_ns + BigInt(Math.round(t_ms * 1e6))) : null,
      pci: PCI.exec(entity)?.[1] ?? entity,
      xid: value,
    })),
  );
}

/** One row for each thing: the first that was told counts, and who says otherwise is noted. */
function merged(told: readonly { readonly by: string; readonly row: FactRow }[]): { readonly facts: FactRow[]; readonly notes: string[] } {
  const first = new Map<string, { readonly by: string; readonly row: FactRow }>();
  const notes: string[] = [];
  for (const { by, row } of told) {
    const key = `${row.entity}\n${row.name}`;
    const before = first.get(key);
    if (before === undefined) first.set(key, { by, row });
    else if (before.row.value !== row.value)
      notes.push(`${row.entity}, ${row.name}: ${before.by} says ${before.row.value}, ${by} says ${row.value}; the first was taken.`);
  }
  return { facts: [...first.values()].map(({ row }) => row), notes };
}

/** Whether the nsys of a machine is new enough for its driver; undefined where one of them is not known. */
function nsysSupport(facts: readonly FactRow[]): NsysSupport {
  const text = (entity: string, name: string) => facts.find(f => f.entity === entity && f.name === name)?.value;
  const [nsys, cuda] = [text('software', 'nsys'), text('machine', 'cuda_version')];
  return typeof nsys === 'string' && typeof cuda === 'string' ? driverSupport(nsys, cuda) : undefined;
}

/** Puts a snapshot together. */
export function assemble(parts: Parts): Snapshot {
  const xids = xidsOf(parts);
  const told = parts.read.flatMap(({ source, series }) =>
    series.kind === 'facts' ? series.rows.map(row => ({ by: source.what, row })) : [],
  );
  const { facts, notes } = merged([...told, ...parts.facts.map(row => ({ by: 'the machine', row }))]);
  return Snapshot.parse({
    schema: 'forensics.snapshot/1',
    tool: { name: 'forensics', version: version() },
    taken_ns: parts.takenNs === null ? null : String(parts.takenNs),
    sources: parts.read.map(({ source }) => source),
    facts: xids === null ? facts : [...facts, { entity: 'kernel log', name: 'xids', value: xids.length, unit: '' }],
    xids,
    fits: wordFits(fitsOf(facts, nsysSupport(facts))),
    // What a program complains of, and what an importer quotes, may name a host or a home.
    missing: parts.missing.map(({ what, why }) => ({ what, why: publicMessage(why) })),
    notes: [
      ...parts.notes,
      ...parts.read.flatMap(({ source, series }) => series.warnings.map(line => `${source.what}: ${line}`)),
      ...notes,
    ].map(note => publicMessage(note)),
  } satisfies Snapshot);
}
