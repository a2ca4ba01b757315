import { z } from 'zod';
import { EpochNs, FactRow } from './relation.ts';

/** How two versions go together: `same` where they are one, `compatible` where a published rule lets them run together, `cannot-tell` where none is known. */
const FITS = ['same', 'compatible', 'incompatible', 'cannot-tell'] as const;

/** Whether two versions of a machine go together, and by which rule. */
export const VersionFit = z.strictObject({
  of: z.string().describe('what needs the other, with its version'),
  with: z.string().describe('what it runs on, with its version'),
  fit: z.enum(FITS),
  rule: z.string().describe('the rule that says so'),
  source: z.string().describe('where the rule is written'),
});

export type VersionFit = z.infer<typeof VersionFit>;

/** Something that the snapshot does not hold. */
export const Missing = z.strictObject({ what: z.string(), why: z.string() });
export type Missing = z.infer<typeof Missing>;

/** An error that the driver told the kernel. */
const SnapshotXid = z.strictObject({
  ns: EpochNs.nullable().describe('null where the log does not say'),
  pci: z.string(),
  xid: z.number().int().nonnegative(),
});

/** What was asked or read: a command of a live machine, or a file by its name. */
const SnapshotSource = z.strictObject({
  what: z.string(),
  format: z.string().describe('what it was recognised as, as docs/formats.md calls it'),
  sha256: z.string().nullable().describe('of a file; null for a command'),
});
export type SnapshotSource = z.infer<typeof SnapshotSource>;

/**
 * snapshot.json: the state of a machine at one time, as facts. It names no host, no user and no serial number; docs/machine.md lists entities
 * and names. What could not be had stands in `missing` with its reason.
 */
export const Snapshot = z.strictObject({
  schema: z.literal('forensics.snapshot/1'),
  tool: z.strictObject({ name: z.literal('forensics'), version: z.string() }),
  taken_ns: EpochNs.nullable().describe('null where it was made of files that were saved earlier'),
  sources: z.array(SnapshotSource),
  facts: z.array(FactRow),
  xids: z.array(SnapshotXid).nullable().describe('null where no log of the kernel was read'),
  fits: z.array(VersionFit),
  missing: z.array(Missing),
  notes: z.array(z.string()).describe('what was odd in a source, in sentences'),
});
export type Snapshot = z.infer<typeof Snapshot>;
