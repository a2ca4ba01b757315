import { machineInName } from '#audit/machines';
import type { Statement } from '#audit/statement';
import type { LatencyFigure, RunSummary } from '#schema/relation';
import { tellerOf } from './frame.ts';

const statisticOf = (figure: LatencyFigure): string | number => (figure.statistic === 'percentile' ? (figure.q ?? 0) : figure.statistic);
const nameOf = (figure: LatencyFigure): string => `latency ${figure.metric} ${statisticOf(figure)}`;

/** Latency figures of a run or of a stretch of it. */
function tellLatency(teller: ReturnType<typeof tellerOf>, figures: readonly LatencyFigure[], isWhole: boolean): void {
  for (const figure of figures) {
    const { lower_ms, upper_ms, n } = figure;
    const edges = { lower: lower_ms, upper: upper_ms ?? Number.POSITIVE_INFINITY };
    // The few requests of a stretch are for drawing a curve; nobody quotes their p99.
    teller.tell('latency_ms', lower_ms, nameOf(figure), {
      of: figure.metric,
      statistic: statisticOf(figure),
      ...edges,
      n: isWhole ? n : null,
    });
  }
}

/** What a tool says of one run; `run` counts the runs of the file from 0. */
export function statementsOfSummary(summary: RunSummary, file: string, run: number): Statement[] {
  const subject = summary.label ?? (summary.concurrency === null ? `run ${run + 1}` : `concurrency ${summary.concurrency}`);
  const sweep = summary.model === null ? null : `${file} / ${summary.model}`;
  const teller = tellerOf(file, [`run ${run}`], subject, sweep);
  const { tell } = teller;
  const { power } = summary;
  const named = machineInName(summary.label ?? '') ?? machineInName(file);
  const gpus = summary.gpus ?? named?.gpus ?? null;
  tell('gpus', gpus, summary.gpus === null ? 'file name' : 'gpus', {
    of: named !== undefined && named.gpus === gpus ? named.model : '',
    ...(summary.gpus === null ? { text: file } : {}),
  });
  // Without a duration of its own, start and end say it.
  const span = summary.start_ms === null || summary.end_ms === null ? null : (summary.end_ms - summary.start_ms) / 1e3;
  tell('duration_s', summary.duration_s ?? span, summary.duration_s === null ? 'end_ms − start_ms' : 'duration_s');
  for (const quantity of [
    'sent',
    'completed',
    'completed_in_window',
    'failed',
    'input_tokens',
    'output_tokens',
    'output_tokens_in_window',
  ] as const)
    tell(quantity, summary[quantity], quantity);
  for (const rate of ['requests_per_s', 'output_tokens_per_s', 'total_tokens_per_s'] as const) tell(rate, summary[rate], rate);
  tell('requested_rate', summary.requested_rate, 'requested_rate');
  tell('concurrency', summary.concurrency, 'concurrency');
  tellLatency(teller, summary.latency, true);
  if (power !== null) {
    const of = power.entity;
    tell('power_mean_w', power.mean_w, 'power.mean_w', { of });
    tell('power_min_w', power.min_w, 'power.min_w', { of });
    tell('power_max_w', power.max_w, 'power.max_w', { of });
    tell('energy_j', power.energy_j, 'power.energy_j', { of });
    tell('tokens_per_joule', power.tokens_per_joule, 'power.tokens_per_joule');
    tell('sampled_s', power.sampled_s, 'power.sampled_s');
    tell('asked_duration_s', power.requested_s, 'power.requested_s');
  }
  const stretches = summary.windows.map((window, i) => {
    const own = tellerOf(file, [`run ${run}`, `window ${i}`], `${subject}, from ${window.start_ms} ms`);
    tellLatency(own, window.latency, false);
    return own.statements;
  });
  return [...teller.statements, ...stretches.flat()];
}
