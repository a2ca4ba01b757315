import type { Clock, RunSummary, SummarySeries } from '#schema/relation';

/** A run of which nothing is told. */
export const UNTOLD: Readonly<RunSummary> = {
  label: null,
  model: null,
  start_ms: null,
  end_ms: null,
  duration_s: null,
  requested_rate: null,
  concurrency: null,
  gpus: null,
  sent: null,
  completed: null,
  completed_in_window: null,
  failed: null,
  input_tokens: null,
  output_tokens: null,
  output_tokens_in_window: null,
  requests_per_s: null,
  output_tokens_per_s: null,
  total_tokens_per_s: null,
  latency: [],
  windows: [],
  power: null,
};

/** The limits that go with a file without the times of single requests. */
export const NO_STARTS = 'It does not say when single requests were sent, so it cannot be laid over a trace.';
export const AGGREGATES_ONLY = 'It holds aggregates only, no single requests: percentiles are those its tool worked out.';
export const ALL_FAILED = 'No request succeeded, so there is no latency; zeros that its tool wrote in its place were left out.';
export const AS_FAST_AS_POSSIBLE = 'All requests were released at once (rate inf), so no rate was asked for.';

/** The warning for a summary of a file to which lines are added until the run ends, or is stopped. */
export const NO_END_MARK = 'The file has no end mark, so whether it holds the whole run cannot be seen.';

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

/** The limit that names figures of a file that are not read, so that none is lost in silence. */
export const notRead = (names: Iterable<string>): string[] => {
  const left = [...new Set(names)].sort();
  return left.length === 0 ? [] : [`In the file, but not read: ${left.join(', ')}.`];
};
