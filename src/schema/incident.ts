import { z } from 'zod';
import { CauseOrRest } from './causes.ts';
import { EvidenceItem } from './evidence-item.ts';
import { IncidentTimeline } from './incident-timeline.ts';
import { EpochNs } from './relation.ts';

const ms = z.number().describe('milliseconds');
const count = z.number().int().nonnegative();
const share = z.number().describe('fraction of one');

/** A thread of the host, as the operating system numbers it. */
export const ThreadAt = z.strictObject({
  process: count,
  thread: count,
  call: z.string().describe("the call that it was in; '' for its own code"),
});

const IncidentCause = z.strictObject({
  cause: CauseOrRest,
  excess_ms: ms,
  share: share.describe("of the incident's own excess"),
  subject: z.string(),
  root: ThreadAt.nullable().describe('who held everybody up, where that was a thread of the host'),
  symptom: ThreadAt.nullable().describe('where it showed, when another thread waited for the root'),
});

export const Incident = z.strictObject({
  id: z.string(),
  start_ns: EpochNs,
  end_ns: EpochNs,
  /** Start counted from the begin of the session, ms: for reading and for charts. */
  start_ms: ms,
  end_ms: ms,
  /** How long the engine was held up, ms of wall time. */
  held_up_ms: ms,
  requests: count,
  excess_ms: ms.describe('summed over the slow requests; without any load test, the time that the engine was delayed'),
  causes: z.array(IncidentCause).min(1),
  tied: z
    .array(CauseOrRest)
    .default([])
    .describe('causes after the first that may as well be the main one: they differ by less than engine steps vary anyway'),
  /** One sentence: what happened. */
  story: z.string(),
  evidence: z.array(EvidenceItem),
  timeline: IncidentTimeline.nullable().describe('null where it is not drawn: the worst incidents are'),
});
export type Incident = z.infer<typeof Incident>;
