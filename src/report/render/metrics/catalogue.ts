/** What one metric means. Its name ends in its unit, in base units, as Prometheus asks for. */
export interface MetricKind {
  readonly name: string;
  readonly help: string;
}

/**
 * Every metric that is exported. All are gauges: a run that is over has figures, and none of them counts on. Labels: `run` everywhere, and what the help names.
 * Naming: prometheus.io/docs/practices/naming.
 */
export const METRICS = {
  run: { name: 'forensics_run_info', help: 'A run that was looked at, 1 for each; labels: kind, version.' },
  windowStart: { name: 'forensics_window_start_timestamp_seconds', help: 'When the window of the analysis began, Unix time.' },
  window: { name: 'forensics_window_seconds', help: 'Length of the window of the analysis.' },
  captureWindow: { name: 'forensics_capture_window_seconds', help: 'Length of a window that was recorded; label: window.' },
  captureComplete: { name: 'forensics_capture_complete', help: '1 where a capture is complete, 0 otherwise; label: status.' },
  captureMissing: { name: 'forensics_capture_missing', help: 'Things that a capture asked for and did not get.' },
  captureBytes: { name: 'forensics_capture_size_bytes', help: 'Size of all files of a capture.' },
  samples: { name: 'forensics_sampler_samples', help: 'Lines that a sampler wrote; label: sampler.' },
  sampleInterval: { name: 'forensics_sampler_interval_seconds', help: 'Median time between two samples; label: sampler.' },
  overhead: { name: 'forensics_profiler_overhead_ratio', help: 'By what share a figure changed under the profiler; label: metric.' },
  requests: { name: 'forensics_requests', help: 'Requests of the load test; label: state (total, finished, judged, slow).' },
  latency: { name: 'forensics_request_latency_seconds', help: 'Latency of requests; labels: metric (e2e, ttft, tpot, itl), statistic.' },
  incidents: { name: 'forensics_incidents', help: 'Stretches in which requests were delayed beyond what their work explains.' },
  causeDelay: {
    name: 'forensics_cause_excess_seconds',
    help: 'Delay of slow requests by cause; labels: cause, scope (incident, chronic).',
  },
  causeShare: { name: 'forensics_cause_excess_ratio', help: 'Share of a cause in the delay of slow requests; labels: cause, scope.' },
  unexplained: { name: 'forensics_unexplained_ratio', help: 'Share of the delay that nothing explains.' },
  deviceTime: {
    name: 'forensics_device_seconds',
    help: 'Time of a GPU in the window; labels: device, state (busy, idle, exposed-communication, exposed-copy).',
  },
  finding: { name: 'forensics_finding', help: '1 for each thing that was found; labels: id, severity.' },
  findings: { name: 'forensics_findings', help: 'Things that were found; label: severity.' },
  iteration: {
    name: 'forensics_pipeline_iteration_seconds',
    help: 'Length of an iteration of a pipeline; labels: schedule, number, statistic.',
  },
  bubble: {
    name: 'forensics_pipeline_bubble_ratio',
    help: 'Share of an iteration in which a stage does not compute; labels: schedule, number, stage, by (measured, theory, simulated).',
  },
  microbatch: {
    name: 'forensics_pipeline_microbatch_seconds',
    help: 'Compute of one microbatch in the median iteration; labels: schedule, number, rank, operation (F, B, W), statistic.',
  },
  microbatches: { name: 'forensics_pipeline_microbatches', help: 'Microbatches of an iteration; labels: schedule, number.' },
  pipelineExcess: {
    name: 'forensics_pipeline_excess_seconds',
    help: 'Device time of an iteration beyond the bubble of theory; labels: schedule, number, why.',
  },
  handoff: {
    name: 'forensics_pipeline_handoff_latency_seconds',
    help: 'From the end of a stage to the begin of the next, median; labels: schedule, number.',
  },
  handoffHidden: {
    name: 'forensics_pipeline_handoff_hidden_ratio',
    help: 'Share of hand-offs that compute hides; labels: schedule, number.',
  },
  energy: { name: 'forensics_energy_joules', help: 'Energy of the run; labels: level (gpu, module, wall), valid.' },
  power: { name: 'forensics_power_watts', help: 'Mean power of the run; labels: level, valid.' },
  meteredEnergy: { name: 'forensics_metered_energy_joules', help: 'Energy of one thing that was metered; labels: entity, level.' },
  meteredPower: { name: 'forensics_metered_power_watts', help: 'Power of one thing that was metered; labels: entity, level, statistic.' },
  tokensPerJoule: { name: 'forensics_tokens_per_joule', help: 'Tokens for each joule; label: level.' },
  cost: { name: 'forensics_cost_dollars_per_million_tokens', help: 'Cost of a million tokens, US dollars; label: level.' },
  loadRequests: { name: 'forensics_load_requests', help: 'Requests that forensics load sent; labels: stage, concurrency, state.' },
  loadTokens: { name: 'forensics_load_output_tokens_per_second', help: 'Output tokens a second; labels: stage, concurrency.' },
  loadLatency: {
    name: 'forensics_load_latency_seconds',
    help: 'Latency that forensics load measured; labels: stage, concurrency, metric, from, statistic.',
  },
  utilization: { name: 'forensics_gpu_utilization_ratio', help: 'Share of the time in which a GPU ran kernels; label: gpu.' },
  memoryUsed: { name: 'forensics_gpu_memory_used_bytes', help: 'Memory in use of a GPU; label: gpu.' },
  check: { name: 'forensics_check', help: '1 for the verdict of each check of forensics doctor; labels: check, verdict.' },
} as const satisfies Readonly<Record<string, MetricKind>>;
export type MetricKey = keyof typeof METRICS;

/** One figure. Labels are as they were found: who writes them hides what is private. */
export interface Sample {
  readonly metric: MetricKey;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A sample, or none where the value is not known. */
export const sample = (metric: MetricKey, labels: Readonly<Record<string, string | number>>, value: number | null | undefined): Sample[] =>
  value === null || value === undefined || !Number.isFinite(value)
    ? []
    : [{ metric, labels: Object.fromEntries(Object.entries(labels).map(([name, text]) => [name, String(text)])), value }];

/** The samples of one run. */
export interface RunSamples {
  readonly run: string;
  readonly samples: readonly Sample[];
}
