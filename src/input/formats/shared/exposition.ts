import { nsOfSeconds } from '#input/time/nanoseconds';

/** One line of the Prometheus text format (https://prometheus.io/docs/instrumenting/exposition_formats/) or of OpenMetrics. */
export interface Metric {
  readonly name: string;
  readonly labels: ReadonlyMap<string, string>;
  /** May be NaN or infinite. */
  readonly value: number;
  /** The line's own time, since 1970. */
  readonly ns: bigint | undefined;
}

const NAME = /^[A-Za-z_:][\w:]{0,200}/;
const LABEL = /([A-Za-z_]\w{0,100})\s*=\s*"((?:[^"\\]|\\.)*)"\s*(?:,\s*|(?=\}))/y;
const ESCAPES: Readonly<Record<string, string>> = { '\\n': '\n', '\\"': '"', '\\\\': '\\' };
/** A value, and perhaps a time: whole ms, or seconds with a fraction as OpenMetrics has it. An exemplar after it is not read. */
const VALUE =
  /^[ \t]+([+-]?(?:Inf|NaN|(?:\d{1,40}(?:\.\d{0,40})?|\.\d{1,40})(?:e[+-]?\d{1,3})?))(?:[ \t]+(-?\d{1,16}(?:\.\d{1,9})?))?[ \t]*(?:#.*)?$/i;

/** The name with which a line begins; empty where it is no metric. */
export const metricName = (line: string): string => NAME.exec(line)?.[0] ?? '';

/** The metric of a line; undefined for what is none. */
export const parseMetric = (line: string): Metric | undefined => {
  const name = metricName(line);
  const { labels, end } = labelsAfter(line, name.length);
  const [, value, time] = VALUE.exec(line.slice(end)) ?? [];
  const number = value === undefined ? undefined : numberOf(value);
  return name === '' || number === undefined ? undefined : { name, labels, value: number, ns: nsOf(time) };
};

/** The labels that open at `start`, and where they end; there are none where no brace stands. */
const labelsAfter = (line: string, start: number): { readonly labels: Map<string, string>; readonly end: number } => {
  const labels = new Map<string, string>();
  if (line[start] !== '{') return { labels, end: start };
  let at = start + 1;
  LABEL.lastIndex = at;
  for (let match = LABEL.exec(line); match !== null; match = LABEL.exec(line)) {
    const [, key = '', value = ''] = match;
    labels.set(
      key,
      value.replace(/\\[n"\\]/g, escaped => ESCAPES[escaped] ?? escaped),
    );
    at = LABEL.lastIndex;
  }
  const close = line.indexOf('}', at);
  // What stands before the brace and is no label leaves the line without a value, and so without a metric.
  return { labels, end: line.slice(at, close < 0 ? undefined : close).trim() === '' ? close + 1 : line.length };
};

/** undefined for digits that make a number larger than any that can be held: only "Inf" is infinite. */
const numberOf = (text: string): number | undefined => {
  if (/nan/i.test(text)) return Number.NaN;
  if (/inf/i.test(text)) return Number.POSITIVE_INFINITY * (text.startsWith('-') ? -1 : 1);
  return Number.isFinite(Number(text)) ? Number(text) : undefined;
};

const nsOf = (time: string | undefined): bigint | undefined => {
  if (time === undefined) return undefined;
  return time.includes('.') ? nsOfSeconds(Number(time)) : BigInt(time) * 1_000_000n;
};
