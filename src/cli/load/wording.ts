import Table from 'cli-table3';
import type { Load, LoadLatency, LoadStage } from '#schema/load';

const PLAIN = { head: [], border: [], compact: true };
/** Three digits, and no more than a microsecond. */
const inMs = (ms: number | null | undefined): string =>
  ms === null || ms === undefined ? '–' : ms >= 100 ? ms.toFixed(0) : ms >= 10 ? ms.toFixed(1) : ms >= 1 ? ms.toFixed(2) : ms.toFixed(3);
const rate = (perSecond: number | null): string =>
  perSecond === null ? '–' : perSecond >= 100 ? perSecond.toFixed(0) : perSecond.toPrecision(3);

const NAMES: Readonly<Record<LoadLatency['metric'], string>> = {
  ttft: 'first token',
  e2e: 'whole answer',
  tpot: 'per token after the first (TPOT)',
  itl: 'between chunks (ITL)',
  e2e_or_abandoned: 'whole answer, or given up',
};
const FROM: Readonly<Record<LoadLatency['from'], string>> = { intended: ', from the intended start', send: ', from the send', token: '' };

const latencyOf = ({ latencies }: LoadStage, metric: LoadLatency['metric'], from: LoadLatency['from']) =>
  latencies.find(l => l.metric === metric && l.from === from);

function interval({ p99_ci_ms, n }: LoadLatency): string {
  if (p99_ci_ms === null) return '';
  const [low, high] = p99_ci_ms;
  return `${inMs(low)} – ${high === null ? `? (n ${n} is too small)` : inMs(high)}`;
}

function latencyTable(stage: LoadStage): string {
  const table = new Table({ head: ['ms', 'n', 'p50', 'p90', 'p95', 'p99', '95 % interval of p99', 'max'], style: PLAIN });
  for (const l of stage.latencies)
    table.push([
      `${NAMES[l.metric]}${FROM[l.from]}`,
      l.n,
      ...[l.p50_ms, l.p90_ms, l.p95_ms, l.p99_ms].map(inMs),
      interval(l),
      inMs(l.max_ms),
    ]);
  return table.toString();
}

const counted = (counts: Readonly<Record<string, number>>) =>
  Object.entries(counts)
    .map(([what, n]) => `${n} ${what}`)
    .join(', ');

/** How many requests there were, and what became of them. */
export function stageWords(stage: LoadStage): string {
  const { requests: r } = stage;
  return [
    `${r.sent} sent${r.intended === null || r.intended === r.sent ? '' : ` of ${r.intended} due`}: ${r.ok} ok`,
    ...(r.failed > 0 ? [`${r.failed} failed (${counted(stage.failures)})`] : []),
    ...(r.unfinished > 0 ? [`${r.unfinished} unfinished (${counted(stage.abandoned)})`] : []),
    `${rate(stage.completed_per_s)} answers/s${stage.output_tokens_per_s === null ? '' : `, ${rate(stage.output_tokens_per_s)} tokens/s`}`,
  ].join('; ');
}

/** Of several servers a line each. */
const replicaWords = ({ replicas = [] }: LoadStage): string[] =>
  replicas.map(r => `${r.url}: ${r.ok} of ${r.sent} ok, whole answer p50 ${inMs(r.e2e_p50_ms)}, p99 ${inMs(r.e2e_p99_ms)} ms`);

function scheduleWords({ schedule }: LoadStage): string[] {
  if (schedule === null) return [];
  const { start_delay: d, generator_delay: g } = schedule;
  return [
    `start − intended: p50 ${inMs(d.p50_ms)}, p99 ${inMs(d.p99_ms)}, max ${inMs(d.max_ms)} ms (in the generator: p99 ${inMs(g.p99_ms)}, max ${inMs(g.max_ms)} ms)`,
  ];
}

function sweepTable(stages: readonly LoadStage[]): string {
  const table = new Table({
    head: [
      'in flight',
      'ok',
      'failed',
      'unfinished',
      'answers/s',
      'tokens/s',
      'ttft p50',
      'ttft p99',
      'tpot p50',
      'e2e p50',
      'e2e p99 ≥',
      '≥ 95 % interval',
    ],
    style: PLAIN,
    colAligns: Array.from({ length: 12 }, () => 'right' as const),
  });
  for (const s of stages) {
    const [ttft, tpot, e2e] = [latencyOf(s, 'ttft', 'send'), latencyOf(s, 'tpot', 'token'), latencyOf(s, 'e2e', 'send')];
    table.push([
      s.concurrency ?? '',
      s.requests.ok,
      s.requests.failed,
      s.requests.unfinished,
      rate(s.completed_per_s),
      rate(s.output_tokens_per_s),
      ...[ttft?.p50_ms, ttft?.p99_ms, tpot?.p50_ms, e2e?.p50_ms, e2e?.p99_ms].map(inMs),
      e2e === undefined ? '' : interval(e2e),
    ]);
  }
  return table.toString();
}

/** What a person wants to know when a run is over. */
export function loadWords(load: Load, folder: string): string {
  const [only] = load.stages;
  const body =
    load.loop === 'closed'
      ? [sweepTable(load.stages), 'times in ms, from the send']
      : only === undefined
        ? ['nothing was sent']
        : [stageWords(only), ...(only.latencies.length > 0 ? [latencyTable(only)] : []), ...scheduleWords(only)];
  const files = ['requests.jsonl', ...(load.warm_up_s > 0 ? ['warm-up.jsonl'] : []), 'load.json'];
  const replicas = load.stages.flatMap(replicaWords);
  return [...body, ...replicas, ...load.warnings.map(w => `note: ${w}`), `Wrote ${files.join(', ')} to ${folder}`].join('\n');
}
