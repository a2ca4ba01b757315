import { namedFigure } from '#input/series/latency-figures';
import { UNTOLD } from '#input/series/summary-series';
import { decimal } from '#input/text/decimal';
import { lines } from '#input/text/lines';
import type { Text } from '#input/text/text';
import type { LatencyFigure, RunSummary } from '#schema/relation';

const NS = 1e-6;
/** "Min First Token latency (ns)", "99.00 percentile time to output token (ns)". */
const LATENCY = /^(min|max|mean|\d+(?:\.\d+)?)(?: percentile)? (first token latency|time to output token|latency) \(ns\)$/;
const METRIC = { latency: 'e2e', 'first token latency': 'ttft', 'time to output token': 'tpot' } as const;
const isMetric = (name: string): name is keyof typeof METRIC => Object.hasOwn(METRIC, name);
/** The last line tells of errors: of a summary that is cut off it is missing. */
const LAST = /errors? encountered/i;

interface SummaryText {
  readonly row: RunSummary;
  readonly validity: string | undefined;
  readonly whole: boolean;
}

/** Reads mlperf_log_summary.txt: lines of a name, a colon and a value. */
export const readSummaryText = (text: Text, source: string): SummaryText => {
  const fields = new Map<string, string>();
  let whole = false;
  for (const line of lines(text, source)) {
    whole ||= LAST.test(line.text);
    const [, name = '', value = ''] = /^\s*([^:]+?)\s*:\s*(\S.*?)\s*$/.exec(line.text) ?? [];
    if (name !== '' && line.ended) fields.set(name.toLowerCase(), value);
  }
  const number = (name: string): number | null => decimal(fields.get(name) ?? '') ?? null;
  const latency = [...fields].flatMap(([name, value]) => figureFrom(name, value) ?? []);
  const scenario = fields.get('scenario');
  const row = {
    ...UNTOLD,
    label: [fields.get('sut name'), scenario].filter(part => part !== undefined).join(', ') || null,
    requested_rate: scenario === 'Server' ? number('target_qps') : null,
    requests_per_s: number('completed samples per second') ?? number('samples per second'),
    output_tokens_per_s: number('completed tokens per second') ?? number('tokens per second'),
    latency,
  };
  return { row, validity: fields.get('result is'), whole };
};

const figureFrom = (name: string, value: string): LatencyFigure | undefined => {
  const [, statistic = '', metric = ''] = LATENCY.exec(name) ?? [];
  const ns = decimal(value);
  return isMetric(metric) && ns !== undefined ? namedFigure(METRIC[metric], statistic, ns * NS, null) : undefined;
};
