import type { Clock, RunSummary, SummarySeries } from '#model/relation';

/** The limits that go with a file without the times of single requests. */
export const NO_STARTS = 'It does not say when single requests were sent, so it cannot be laid over a trace.';
export const AGGREGATES_ONLY = 'It holds aggregates only, no single requests: percentiles are those its tool worked out.';
export const ALL_FAILED = 'No request succeeded, so there is no latency; zeros that its tool wrote in its place were left out.';
export const AS_FAST_AS_POSSIBLE = 'All requests were released at once (rate inf), so no rate was asked for.';

interface SummaryParts {
  readonly format: string;
  readonly rows: readonly RunSummary[];
  readonly limits: readonly string[];
  readonly warnings: readonly string[];
  /** Where the file tells any time; else it has no clock. */
  readonly clock?: Clock;
  readonly origin_ns?: bigint;
}

export const summarySeries = ({ clock = { kind: 'none' }, origin_ns = 0n, ...parts }: SummaryParts): SummarySeries => ({
  kind: 'summary',
  clock,
  origin_ns,
  ...parts,
});
