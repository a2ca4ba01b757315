import { lines } from '../lines.ts';
import { badRecord, quote } from '../refuse.ts';
import type { Tally } from '../tally.ts';
import type { Text } from '../text.ts';

export interface Metric {
  readonly name: string;
  readonly labels: ReadonlyMap<string, string>;
  readonly value: number;
}
export interface Exposition {
  readonly metrics: readonly Metric[];
  /** OpenMetrics ends with # EOF; the older text format has no end mark. */
  readonly ended: boolean;
}

const NAME = /^[a-zA-Z_:][\w:]*/;
/** Values may be followed by a time stamp, and in OpenMetrics by an exemplar. */
const VALUE = /^\s+([+-]?(?:Inf|NaN|\d{1,40}(?:\.\d{0,40})?(?:[eE][+-]?\d{1,3})?))(?:\s|$)/;
const LABEL = /([a-zA-Z_]\w*)\s*=\s*"((?:[^"\\]|\\.)*)"\s*(?:,\s*|(?=\}))/y;
const ESCAPES: Readonly<Record<string, string>> = { '\\n': '\n', '\\"': '"', '\\\\': '\\' };

/**
 * Reads metrics whose name `wanted` takes; what is written twice, as by a second scrape in the same file, keeps its last value.
 * @throws ForensicsError 'bad-record' for a line that is no metric
 */
export const readExposition = (text: Text, source: string, wanted: (name: string) => boolean, tally: Tally): Exposition => {
  const metrics = new Map<string, Metric>();
  let ended = false;
  for (const { number: line, text: raw, ended: whole } of lines(text, source)) {
    if (raw.startsWith('#')) ended ||= /^# EOF\b/.test(raw);
    else {
      const [name = ''] = NAME.exec(raw) ?? [];
      if (name !== '' && !wanted(name) && whole) continue;
      const metric = whole ? parseMetric(raw, name) : undefined;
      if (metric !== undefined) add(metrics, metric, line, tally);
      else if (whole)
        throw badRecord({ source, line }, `${quote(raw)} is not a metric`, 'Give the text of /metrics as the server sent it.');
      else tally.note('no line break ends the file, so its last line may be cut off and was left out', line);
    }
  }
  return { metrics: [...metrics.values()], ended };
};

const add = (metrics: Map<string, Metric>, metric: Metric, line: number, tally: Tally): void => {
  const key = JSON.stringify([metric.name, [...metric.labels].sort()]);
  if (metrics.has(key))
    tally.note('the metric is there before, as in a file of several scrapes; the last value was taken', line, metric.name);
  metrics.set(key, metric);
};

const parseMetric = (raw: string, name: string): Metric | undefined => {
  const labels = new Map<string, string>();
  let at = name.length;
  if (name === '') return undefined;
  if (raw[at] === '{') {
    LABEL.lastIndex = at + 1;
    for (let match = LABEL.exec(raw); match !== null; match = LABEL.exec(raw)) {
      labels.set(
        match[1] ?? '',
        (match[2] ?? '').replace(/\\[n"\\]/g, escaped => ESCAPES[escaped] ?? escaped),
      );
      at = LABEL.lastIndex - 1;
      LABEL.lastIndex = at + 1;
    }
    const close = raw.indexOf('}', at);
    if (close < 0 || raw.slice(at + 1, close).trim() !== '') return undefined;
    at = close + 1;
  }
  const [, value] = VALUE.exec(raw.slice(at)) ?? [];
  return value === undefined ? undefined : { name, labels, value: numberOf(value) };
};

const numberOf = (text: string): number => {
  if (/nan/i.test(text)) return Number.NaN;
  return /inf/i.test(text) ? Number.POSITIVE_INFINITY * (text.startsWith('-') ? -1 : 1) : Number(text);
};
