import { z } from 'zod';
import { Cause, CauseOrRest } from './causes.ts';
import { Collectives } from './collectives.ts';
import { Energy } from './energy.ts';
import { EngineStepKind } from './engine-steps.ts';
import { EvidenceItem } from './evidence-item.ts';
import { Incident, ThreadAt } from './incident.ts';
import { JudgedRequests } from './judged-requests.ts';
import { Pipeline } from './pipeline.ts';
import { Recording } from './recording.ts';
import { EpochNs } from './relation.ts';
import { contradictionsOf } from './report-invariants.ts';
import { Ground, LaneBooks, Statement, Summary } from './summary.ts';
import { Training } from './training.ts';

const ms = z.number().describe('milliseconds');
const count = z.number().int().nonnegative();
const share = z.number().describe('fraction of one');

export const Capability = z.strictObject({ what: z.string(), available: z.boolean(), why: z.string() });
export type Capability = z.infer<typeof Capability>;

export const GAP_CLASSES = ['starved', 'straddling', 'blocking', 'dependency-stalled', 'unknown', 'no-demand', 'outside-work'] as const;
export const GapClass = z.enum(GAP_CLASSES);
export type GapClass = z.infer<typeof GapClass>;

const GapTotal = z.strictObject({ count, lower_ms: ms, upper_ms: ms });

export const DeviceSummary = z.strictObject({
  device: z.string(),
  name: z.string().nullable(),
  busy_ms: ms,
  idle_ms: ms,
  compute_absent_ms: ms,
  communication_ms: ms,
  copy_ms: ms,
  exposed_communication_ms: ms,
  exposed_copy_ms: ms,
  overlapped_ms: ms.describe('communication or copy hidden under compute'),
  kernels: count,
  gaps: z.record(GapClass, GapTotal),
});
export type DeviceSummary = z.infer<typeof DeviceSummary>;

export const Latency = z.strictObject({
  metric: z.enum(['e2e', 'ttft', 'tpot', 'itl']),
  n: count,
  p50_ms: ms,
  p95_ms: ms,
  p99_ms: ms,
  p99_ci_ms: z.tuple([ms, ms.nullable()]).describe('95 % binomial interval; null where no upper bound exists'),
  p99_bootstrap_ci_ms: z
    .tuple([ms, ms.nullable()])
    .nullable()
    .describe(
      '95 % interval by incidents and blocks of time, since requests that share an incident are not independent; null where it was not taken',
    ),
  max_ms: ms,
});
export type Latency = z.infer<typeof Latency>;

export const RankedCause = z.strictObject({
  cause: Cause,
  rank: count,
  /** 'incident': in stretches that stand out; 'chronic': in every step, so that no request escapes it. */
  scope: z.enum(['incident', 'chronic']),
  excess_ms: ms,
  share: share.describe('of the delay of all slow requests; where no request was judged, of what the devices lost'),
  p99_without_ms: z.strictObject({ lower: ms, upper: ms }).nullable().describe('null for what was found without requests'),
  confidence: z.enum(['high', 'medium', 'low']),
  why_confidence: z.string(),
  subject: z.string(),
  root: ThreadAt.nullable().describe('of the incident that cost most; null where no thread of the host is at the root'),
  incidents: z.array(z.string()),
  evidence: z.array(EvidenceItem),
  advice: z.string(),
  action: z.string().optional().describe('what to do first, in a few words, where it is not what the cause asks for as a rule'),
});
export type RankedCause = z.infer<typeof RankedCause>;

/** Points for the charts, already decimated: at most 5,000 marks a chart. Times are ms since the session began. */
export const ChartData = z.strictObject({
  requests: z.array(
    z.strictObject({
      id: z.string(),
      t_ms: ms,
      latency_ms: ms,
      expected_ms: ms,
      excess_ms: ms,
      cause: z.union([CauseOrRest, z.literal('as expected'), z.literal('outside the trace')]),
      in_incident: z.boolean(),
    }),
  ),
  device_bins: z.array(
    z.strictObject({ device: z.string(), t_ms: ms, width_ms: ms, state: z.enum(['compute', 'communication', 'copy', 'idle']), share }),
  ),
  gpu: z.array(
    z.strictObject({
      gpu: z.string(),
      t_ms: ms,
      power_w: z.number().nullable(),
      sm_clock_mhz: z.number().nullable(),
      throttled: z.string().nullable(),
    }),
  ),
  host: z.array(
    z.strictObject({
      t_ms: ms,
      cpu_pct: z.number().nullable(),
      iowait_pct: z.number().nullable(),
      disk_read_mb_s: z.number().nullable(),
      disk_write_mb_s: z.number().nullable(),
      major_faults_s: z.number().nullable(),
    }),
  ),
});
export type ChartData = z.infer<typeof ChartData>;

export const Finding = z.strictObject({
  id: z.string(),
  severity: z.enum(['high', 'medium', 'low', 'info']),
  title: z.string(),
  detail: z.string(),
  advice: z.string(),
  evidence: z.array(EvidenceItem),
  bears_on: z.array(Cause).optional().describe('causes that it may lie behind: a state of the machine'),
});
export type Finding = z.infer<typeof Finding>;

/** What each detector answered: 'looked and saw nothing' is never 'could not look', and neither is 'saw a little'. */
export const DetectorVerdict = z.strictObject({
  detector: z.string(),
  cause: Cause,
  verdict: z
    .enum(['clear', 'found', 'minor', 'cannot-tell'])
    .describe("'minor': the lane lost time to it, but no stretch stood out; 'clear': none would count"),
  lost_ms: ms.nullable().describe('what engine steps lost to it in all, of wall time; null where no steps were compared'),
  clear_above_ms: ms.nullable().describe('a delay of this length would have been found; null where that is not known'),
  reason: z.string(),
});
export type DetectorVerdict = z.infer<typeof DetectorVerdict>;

/** The product, and all that a renderer may know. Schema name `forensics.report/1`. */
export const ReportShape = z.strictObject({
  schema: z.literal('forensics.report/1'),
  tool: z.strictObject({ name: z.literal('forensics'), version: z.string() }),
  /** The answer, in one paragraph of plain sentences. */
  answer: z.string(),
  inputs: z.array(
    z.strictObject({
      path: z.string(),
      kind: z.enum(['trace', 'requests', 'gpu', 'host', 'samples', 'summary', 'facts', 'measurements']),
      format: z.string(),
      written_by: z.string().optional().describe('of a trace: product, version and schema of its layout'),
      sha256: z.string(),
      bytes: count,
    }),
  ),
  capabilities: z.array(Capability),
  clock: z.strictObject({ method: z.string(), uncertainty_ms: z.number().nullable(), notes: z.array(z.string()) }),
  window: z.strictObject({
    ...{ start_ns: EpochNs, end_ns: EpochNs, epoch_known: z.boolean() },
    start_ms: ms.describe('when it began, since the session did: the zero of all times in ms, as in the profiler’s own viewer'),
  }),
  recording: Recording.nullable().describe('how the trace was made; null when forensics capture did not make it'),
  requests: JudgedRequests.nullable(),
  latency: z.array(Latency),
  latency_intended: z.array(Latency).describe('the same requests from their intended start, where the load test says when that was'),
  latency_inside: z.array(Latency).describe('requests that touched an incident'),
  latency_outside: z.array(Latency).describe('requests that did not'),
  devices: z.array(DeviceSummary),
  steps: z.array(EngineStepKind).describe('engine steps by lane and kind; empty where no lane has steps to compare'),
  incidents: z.array(Incident),
  causes: z.array(RankedCause),
  books: z.strictObject({
    excess_ms: ms,
    parts: z.array(z.strictObject({ cause: CauseOrRest, excess_ms: ms, share: share.describe('of excess_ms of the books') })),
  }),
  unexplained: z.strictObject({ excess_ms: ms, share }),
  detectors: z.array(DetectorVerdict),
  cannot_tell: z.array(z.string()),
  pipeline: Pipeline.nullable().describe('null where no pipeline schedule was seen'),
  collectives: Collectives.nullable().describe('null where no collective of several ranks was seen'),
  training: Training.nullable().describe('null where nothing is a training’s, and where requests were served'),
  energy: Energy.nullable().describe('null where no power was metered'),
  findings: z.array(Finding),
  charts: ChartData,
  summary: Summary,
  lane_books: z.array(LaneBooks).describe('where the time of each lane that returns results went, the busiest first'),
  grounds: z.array(Ground).describe('what statements rest on'),
  statements: z.array(Statement).describe('what is said, and what that rests on'),
});
export type Report = z.infer<typeof ReportShape>;

/** A report that has its shape and agrees with itself: whatever is written or read goes through here. */
export const Report = ReportShape.superRefine((report, context) => {
  for (const message of contradictionsOf(report)) context.addIssue({ code: 'custom', message });
});
