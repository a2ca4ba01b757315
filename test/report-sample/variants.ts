import type { Incident } from '#schema/incident';
import { MOST_BARS, MOST_TRACKS, TRACK_ORDER } from '#schema/incident-timeline';
import { EXCESS, PHASES, SCHEDULES } from '#schema/pipeline';
import { Report } from '#schema/report';
import { collectivesSample, crowdedCollectives, crowdedPipeline, parallelReport, pipelineSample } from './parallel.ts';
import { sampleReport } from './sample.ts';
import { START_NS } from './stalls.ts';

/** A trace alone, of a machine that did nothing: every list empty, every unknown null. */
export function bareReport(): Report {
  const sample = sampleReport(4);
  return Report.parse({
    ...sample,
    answer: 'The trace holds no GPU work, so nothing can be said about the GPU.',
    summary: {
      ...{
        title: 'trace.sqlite · no GPU · time not recorded',
        verdict: 'The trace holds no GPU work, so nothing can be said about the GPU.',
      },
      ...{ healthy: false, causes: [], others: 0, cannot_tell: [] },
    },
    inputs: sample.inputs.filter(i => i.kind === 'trace'),
    capabilities: [],
    clock: { method: 'times count from the start of the trace session', uncertainty_ms: null, notes: [] },
    window: { start_ns: '0', end_ns: '0', epoch_known: false, start_ms: 0 },
    requests: null,
    latency: [],
    latency_intended: [],
    latency_inside: [],
    latency_outside: [],
    devices: [],
    incidents: [],
    causes: [],
    books: { excess_ms: 0, parts: [] },
    unexplained: { excess_ms: 0, share: 0 },
    detectors: [],
    cannot_tell: [],
    findings: [],
    charts: { requests: [], device_bins: [], gpu: [], host: [] },
  });
}

/** A run in which nothing went wrong, without samples of GPU or host. */
export function calmReport(): Report {
  const sample = sampleReport();
  const requests = sample.charts.requests.map(r => ({ ...r, cause: 'as expected' as const, in_incident: false }));
  return Report.parse({
    ...bareReport(),
    window: sample.window,
    requests: sample.requests && { ...sample.requests, slow: 0 },
    latency: sample.latency,
    latency_outside: sample.latency,
    devices: sample.devices,
    charts: {
      ...sample.charts,
      requests,
      gpu: sample.charts.gpu.map(s => ({ ...s, sm_clock_mhz: 1_980, throttled: null })),
      host: sample.charts.host.map(h => ({ ...h, cpu_pct: null, iowait_pct: null, major_faults_s: null })),
    },
  });
}

/** A drawing with as many tracks and bars as there may be. */
function crowdedTimeline(at: number, name: string): Incident['timeline'] {
  const each = Math.floor(MOST_BARS / MOST_TRACKS);
  const bars = Array.from({ length: each }, (_, k) => ({
    ...{ kind: 'kernel' as const, name, operations: k + 1, start_ms: at + k / 2, end_ms: at + k / 2 + 0.4, busy_ms: 0.3 },
  }));
  const tracks = Array.from({ length: MOST_TRACKS }, (_, k) => ({ shows: 'stream' as const, process: 1, device: k, number: 7, bars }));
  return { start_ms: at - 4.5, end_ms: at + 13.5, launching: [], tracks, tracks_left_out: 400, by_hand: [] };
}

/** As much as a report may hold: 500 incidents, 5,000 points, eight devices, a cause in every step, names without end. */
export function crowdedReport(): Report {
  const sample = sampleReport(5_000);
  const [first] = sample.incidents;
  const [cause] = sample.causes;
  if (first === undefined || cause === undefined) throw new Error('the sample has incidents and causes');
  const long = 'void cutlass::device_kernel<flash::FlashAttnFwdSm90<flash::CollectiveMainloopFwdSm90<2,cute::tuple<cute::C<1>>>>>_'.repeat(
    6,
  );
  const incidents = Array.from({ length: 500 }, (_, i) => ({
    ...first,
    id: `I${i + 1}`,
    start_ns: `${START_NS + BigInt(i * 24) * 1_000_000n}`,
    end_ns: `${START_NS + BigInt(i * 24 + 9) * 1_000_000n}`,
    start_ms: i * 24,
    end_ms: i * 24 + 9,
    held_up_ms: 8,
    excess_ms: ((i * 7_919) % 500) + 1,
    causes: first.causes.map(c => ({ ...c, excess_ms: c.share * (((i * 7_919) % 500) + 1) })),
    story: `${long} held the queue.`,
    timeline: i % 100 === 0 ? crowdedTimeline(i * 24, long) : null,
  }));
  const devices = Array.from({ length: 8 }, (_, i) =>
    sample.devices.map(d => ({ ...d, device: `GPU ${i}`, name: i === 7 ? long : d.name })),
  ).flat();
  const bins = sample.charts.device_bins.slice(0, 600).flatMap(bin => devices.map(d => ({ ...bin, device: d.device })));
  const chronic = { ...cause, rank: 3, scope: 'chronic' as const, incidents: [], subject: long };
  return Report.parse({
    ...sample,
    incidents,
    devices,
    causes: [{ ...cause, incidents: incidents.map(i => i.id) }, ...sample.causes.slice(1), chronic],
    charts: { ...sample.charts, device_bins: bins, gpu: devices.flatMap(d => sample.charts.gpu.map(s => ({ ...s, gpu: d.device }))) },
  });
}

/** Three schedules of eight devices, 256 ranks, a label without end. */
export const crowdedParallel = (): Report =>
  Report.parse({ ...parallelReport(), pipeline: crowdedPipeline(), collectives: crowdedCollectives() });

const ATTACKS = [
  '<img src=x onerror=alert(1)>',
  '</script><script>alert(1)</script>',
  '"><svg onload=alert(1)>',
  "'--><style>*{display:none}</style><!--",
  '|\n# [x](javascript:alert(1)) `code` \u2028\u2029 {{7*7}} <%= 7*7 %>',
] as const;

/** Values that mean something to the schema, and so cannot be anyone's to choose. */
const FIXED = new Set([
  'schema',
  'tool',
  'cause',
  'kind',
  'verdict',
  'severity',
  'scope',
  'confidence',
  'told_by',
  'metric',
  'state',
  'start_ns',
  'end_ns',
  'opened_ns',
  'closed_ns',
]);
/** Words of the schema under keys that elsewhere hold free text. */
const WORDS = new Set<string>([...SCHEDULES, ...PHASES, ...EXCESS, ...TRACK_ORDER, 'nvlink', 'pcie', 'staged']);
/** Objects whose keys are free text, too. */
const FREE_KEYS = new Set(['params', 'rows']);

function poisoned(value: unknown, next: () => string, keysToo = false): unknown {
  if (typeof value === 'string') return WORDS.has(value) ? value : `${next()}${value}`;
  if (Array.isArray(value)) return value.map(item => poisoned(item, next, keysToo));
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).map(([key, inner]) => {
    if (FIXED.has(key)) return [key, inner];
    return [keysToo ? `${next()}${key}` : key, poisoned(inner, next, FREE_KEYS.has(key))];
  });
  return Object.fromEntries(entries);
}

/** The sample with an attack in front of every text that a trace or a log may choose. */
export function hostileReport(): Report {
  let turn = 0;
  const sample = { ...sampleReport(60), pipeline: pipelineSample(), collectives: collectivesSample() };
  const report = poisoned(sample, () => ATTACKS[turn++ % ATTACKS.length] ?? '') as Report;
  // One device has one name, in all its bins and samples.
  const device = ATTACKS.join('');
  const { charts } = sample;
  // A cause names incidents that are there, whatever they are called.
  const causes = report.causes.map(c => ({ ...c, incidents: c.incidents.flatMap((_, i) => report.incidents[i]?.id ?? []) }));
  const gpu = report.charts.gpu.map(s => ({ ...s, gpu: device }));
  return Report.parse({
    ...report,
    causes,
    charts: { ...report.charts, gpu, device_bins: charts.device_bins.map(b => ({ ...b, device })) },
  });
}
