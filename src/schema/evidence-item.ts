import { z } from 'zod';

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** A query a reader can run by hand (`forensics query NAME --param …`), with at most 20 of its rows. */
export const EvidenceItem = z.strictObject({
  query: z.string(),
  params: z.record(z.string(), scalar),
  /** What these rows show, in one sentence. */
  shows: z.string(),
  rows: z.array(z.record(z.string(), scalar)).max(20),
});
export type EvidenceItem = z.infer<typeof EvidenceItem>;
