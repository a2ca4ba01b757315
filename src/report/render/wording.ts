import { interval, range } from '#core/format/numbers';
import type { Ms } from '#core/units';
import { CAUSE_TEXT, type Cause } from '#schema/causes';
import type { StepName } from '#schema/engine-steps';
import type { ChartData, Finding, GapClass, Latency, Report } from '#schema/report';

export type DrawnCause = ChartData['requests'][number]['cause'];

/** A cause in words. */
export function causeTitle(cause: DrawnCause): string {
  if (cause === 'as expected') return 'As expected';
  return cause === 'outside the trace' ? 'Outside the trace' : CAUSE_TEXT[cause].title;
}

/** States of the machine that may lie behind a cause. */
export const bearingOn = (report: Report, cause: Cause): readonly Finding[] =>
  report.findings.filter(f => f.bears_on?.includes(cause) === true);

export const METRIC_TEXT: Readonly<Record<Latency['metric'], string>> = {
  e2e: 'End to end',
  ttft: 'Time to first token',
  tpot: 'Time per output token',
  itl: 'Inter-token latency',
};

export const GAP_TEXT: Readonly<Record<GapClass, string>> = {
  starved: 'nothing was queued: the next launch began only after the device had run dry',
  straddling:
    'the next launch call was under way as the device ran dry, so how much of the gap the host caused is only known within bounds',
  blocking: 'work was queued, but waited for other work that finished after the gap had opened',
  'dependency-stalled': 'work was queued, and what it waited for is not recorded',
  unknown: 'no launch is recorded for the work that ended the gap (graph node, trimmed trace)',
  'no-demand': 'no request was in flight: not a fault',
  'outside-work': 'before the first operation of the device or after its last: nothing says that it was wanted',
};

/** What an engine does in a step of each name. */
export const STEP_TEXT: Readonly<Record<StepName, string>> = {
  decode: 'decode: one token each',
  verify: 'verify: several guessed tokens at once',
  prefill: 'prefill: prompts alone',
  mixed: 'mixed: prompts, and tokens for others',
  heavier: 'heavier: more work or more launches',
  plain: 'plain: what most steps do',
  other: 'nothing on the GPU',
};

/** The latency that the books are about: end to end where there is one. */
export const mainLatency = (report: Report): Latency | undefined => report.latency.find(l => l.metric === 'e2e') ?? report.latency[0];

/** Nanoseconds are parsed as integers: the difference of two epoch times is exact only so. */
export const windowMs = (report: Report) => Number(BigInt(report.window.end_ns) - BigInt(report.window.start_ns)) / 1e6;

/** Whether a trace is among what the report rests on. */
const hasTrace = ({ inputs }: Pick<Report, 'inputs'>): boolean => inputs.some(i => i.kind === 'trace');

/** What the report is about: its trace, else the first of its files. */
export const subjectOf = ({ inputs }: Pick<Report, 'inputs'>): string => (inputs.find(i => i.kind === 'trace') ?? inputs[0])?.path ?? '';

/** Words that name the trace, and what is said where there is none. */
export const traceWords = (report: Pick<Report, 'inputs'>) =>
  hasTrace(report)
    ? { noDevice: 'The trace shows no device.', span: 'of trace', judged: 'inside the trace', inside: 'lie wholly inside the trace' }
    : {
        noDevice: 'What the GPUs ran is not known: no trace was given.',
        span: 'without a trace',
        judged: 'judged',
        inside: 'could be judged without a trace',
      };

/** All that is on the time axis: the trace's window, and requests before and after it. */
export function extentMs(report: Report): readonly [number, number] {
  const times = report.charts.requests.map(r => r.t_ms);
  const { start_ms } = report.window;
  return [
    times.reduce((a, b) => Math.min(a, b), start_ms),
    times.reduce((a, b) => Math.max(a, b), start_ms + Math.max(windowMs(report), 1)),
  ];
}

/** Where p99 would lie without a cause; null where there are no latencies to judge that by. */
export const whatIf = (without: { readonly lower: Ms; readonly upper: Ms } | null) =>
  without === null ? 'not known: there are no latencies' : range(without.lower, without.upper);

/** Texts come with and without their capital and full stop. A word that holds a capital is a name and stays as it is. */
export const sentence = (text: string) => {
  const begun = text.replace(/^[a-z](?=[a-z]* )/, first => first.toUpperCase());
  return /[.!?]$/.test(begun) ? begun : `${begun}.`;
};

/** p99 with the interval that holds although requests share incidents; undefined where it was not taken. */
export function overTime(report: Report): string | undefined {
  const main = mainLatency(report);
  if (main?.p99_bootstrap_ci_ms == null) return undefined;
  return `The 95 % intervals above treat each request as independent; requests of one incident are not. Drawn by whole incidents, the interval of p99 (${METRIC_TEXT[main.metric].toLowerCase()}) is ${interval(main.p99_bootstrap_ci_ms)}.`;
}

export const NO_REQUESTS = 'No request log was given, so no latency can be judged.';

/** Latencies that count from when a request should have been sent, not from when it was. */
export const INTENDED = 'all, from their intended start';
