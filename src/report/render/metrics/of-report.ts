import type { Energy } from '#schema/energy';
import type { Report } from '#schema/report';
import { type Sample, sample } from './catalogue.ts';
import { pipelineSamples } from './of-pipeline.ts';

const SEVERITIES = ['high', 'medium', 'low', 'info'] as const;
const STATISTICS = ['p50', 'p95', 'p99', 'max'] as const;

/** What was found, each and by severity; none found is a figure, too. */
export function findingSamples(findings: Report['findings']): Sample[] {
  const kinds = new Map(findings.map(f => [`${f.id}\n${f.severity}`, f]));
  return [
    ...[...kinds.values()].flatMap(({ id, severity }) => sample('finding', { id, severity }, 1)),
    ...SEVERITIES.flatMap(severity => sample('findings', { severity }, findings.filter(f => f.severity === severity).length)),
  ];
}

const energySamples = ({ totals, metered }: Energy): Sample[] => [
  ...totals.flatMap(t => [
    ...sample('energy', { level: t.level, valid: String(t.valid) }, t.energy_j),
    ...sample('power', { level: t.level, valid: String(t.valid) }, t.mean_w),
    ...sample('tokensPerJoule', { level: t.level }, t.tokens_per_joule),
    ...sample('cost', { level: t.level }, t.cost?.usd_per_million_tokens),
  ]),
  ...metered.flatMap(m => [
    ...sample('meteredEnergy', { entity: m.entity, level: m.level }, m.energy_j),
    ...sample('meteredPower', { entity: m.entity, level: m.level, statistic: 'mean' }, m.mean_w),
    ...sample('meteredPower', { entity: m.entity, level: m.level, statistic: 'max' }, m.max_w),
  ]),
];

const requestSamples = ({ requests, latency, incidents, causes, unexplained }: Report): Sample[] => [
  ...(requests === null
    ? []
    : (['total', 'finished', 'judged', 'slow'] as const).flatMap(state => sample('requests', { state }, requests[state]))),
  ...latency.flatMap(l => STATISTICS.flatMap(s => sample('latency', { metric: l.metric, statistic: s }, l[`${s}_ms`] / 1e3))),
  ...sample('incidents', {}, incidents.length),
  ...causes.flatMap(c => [
    ...sample('causeDelay', { cause: c.cause, scope: c.scope }, c.excess_ms / 1e3),
    ...sample('causeShare', { cause: c.cause, scope: c.scope }, c.share),
  ]),
  ...sample('unexplained', {}, unexplained.share),
];

/** The figures of a report. */
export function reportSamples(report: Report): Sample[] {
  const { window, tool, devices, findings, pipeline, energy, recording } = report;
  return [
    ...sample('run', { kind: 'report', version: tool.version }, 1),
    ...(window.epoch_known ? sample('windowStart', {}, Number(window.start_ns) / 1e9) : []),
    ...sample('window', {}, Number(BigInt(window.end_ns) - BigInt(window.start_ns)) / 1e9),
    ...(recording?.overhead ?? []).flatMap(o => sample('overhead', { metric: o.metric }, o.change)),
    ...requestSamples(report),
    ...devices.flatMap(d => [
      ...sample('deviceTime', { device: d.device, state: 'busy' }, d.busy_ms / 1e3),
      ...sample('deviceTime', { device: d.device, state: 'idle' }, d.idle_ms / 1e3),
      ...sample('deviceTime', { device: d.device, state: 'exposed-communication' }, d.exposed_communication_ms / 1e3),
      ...sample('deviceTime', { device: d.device, state: 'exposed-copy' }, d.exposed_copy_ms / 1e3),
    ]),
    ...findingSamples(findings),
    ...(pipeline === null ? [] : pipelineSamples(pipeline)),
    ...(energy === null ? [] : energySamples(energy)),
  ];
}
