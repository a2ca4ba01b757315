import type { Case } from '#schema/case';
import type { Checkup } from '#schema/checkup';
import type { Load } from '#schema/load';
import { type Sample, sample } from './catalogue.ts';
import { findingSamples } from './of-report.ts';

const MIB = 2 ** 20;

/** The figures of a capture. */
export const caseSamples = (c: Case): Sample[] => [
  ...sample('run', { kind: 'capture', version: c.tool.version }, 1),
  ...sample('captureComplete', { status: c.status }, c.status === 'complete' ? 1 : 0),
  ...sample('captureMissing', {}, c.missing.length),
  ...sample(
    'captureBytes',
    {},
    c.files.reduce((sum, f) => sum + f.bytes, 0),
  ),
  ...c.windows.flatMap(({ name, opened_ns, closed_ns }) =>
    opened_ns === null || closed_ns === null
      ? []
      : sample('captureWindow', { window: name }, Number(BigInt(closed_ns) - BigInt(opened_ns)) / 1e9),
  ),
  ...c.samplers.flatMap(s => [
    ...sample('samples', { sampler: s.sampler }, s.samples),
    ...sample('sampleInterval', { sampler: s.sampler }, s.interval_median_ms === null ? null : s.interval_median_ms / 1e3),
  ]),
];

/** The figures of a load test. Neither the server nor its URL is named. */
export const loadSamples = (load: Load): Sample[] => [
  ...sample('run', { kind: 'load', version: load.tool.version }, 1),
  ...load.stages.flatMap((s, i) => {
    const labels = { stage: i + 1, concurrency: s.concurrency ?? '' };
    return [
      ...(['sent', 'ok', 'failed', 'unfinished'] as const).flatMap(state =>
        sample('loadRequests', { ...labels, state }, s.requests[state]),
      ),
      ...sample('loadTokens', labels, s.output_tokens_per_s),
      ...s.latencies.flatMap(l =>
        (['p50', 'p95', 'p99', 'max'] as const).flatMap(statistic =>
          sample('loadLatency', { ...labels, metric: l.metric, from: l.from, statistic }, l[`${statistic}_ms`] / 1e3),
        ),
      ),
    ];
  }),
];

/** The figures of a checkup. */
export const checkupSamples = (c: Checkup): Sample[] => [
  ...sample('run', { kind: `checkup-${c.kind}`, version: c.tool.version }, 1),
  ...c.gpus.flatMap(g => [
    ...sample('utilization', { gpu: g.gpu }, g.utilization_pct === null ? null : g.utilization_pct / 100),
    ...sample('memoryUsed', { gpu: g.gpu }, g.memory_used_mib === null ? null : g.memory_used_mib * MIB),
  ]),
  ...c.loads.flatMap((l, i) => {
    const labels = { stage: i + 1, concurrency: i === c.loads.length - 1 ? (c.concurrency ?? '') : 1 };
    return [...sample('loadRequests', { ...labels, state: 'ok' }, l.ok), ...sample('loadTokens', labels, l.tokens_per_s)];
  }),
  ...c.checks.flatMap(({ check, verdict }) => sample('check', { check, verdict }, 1)),
  ...findingSamples(c.findings),
];
