// Format: https://github.com/prometheus/node_exporter in https://prometheus.io/docs/instrumenting/exposition_formats/: one scrape, or several
// with a line "# <time>" before each; seen: the names of 0.16 to 1.9.

import { getOrCompute } from '#core/get-or-compute';
import { type Metric, metricName, parseMetric } from '#input/formats/shared/exposition';
import { EMPTY_HOST } from '#input/series/empty-rows';
import { missingValues, neverGiven } from '#input/series/missing';
import { badRecord, quote } from '#input/text/bad-record';
import type { Text } from '#input/text/text';
import { WarningCounter } from '#input/text/warning-counter';
import { wholeLines } from '#input/text/whole-lines';
import { msSince } from '#input/time/nanoseconds';
import { clockOfSamples, limitsOfTimes } from '#input/time/sample-clock';
import { median, steps } from '#input/time/sampling';
import { parseTimestamp } from '#input/time/timestamp';
import type { HostSampleRow, HostSeries } from '#schema/relation';
import { defineImporter } from '../define.ts';
import { addMetric, HOST_FIELDS, type Totals, toRow } from './counters.ts';

const ID = 'node-exporter';
const HINT =
  "Give what the exporter serves at /metrics, with a time before each scrape: (date -u '+# %FT%T.%NZ'; curl -s host:9100/metrics) >> file.";
const LIMITS = ['Counters are known at the times of the scrapes: what happened between two cannot be placed closer.'];

export default defineImporter({
  id: ID,
  kind: 'host',
  title: 'node_exporter (Prometheus text)',
  extensions: ['.prom', '.txt'],
  sniff: head =>
    /^\ufeff?(?:# (?:TYPE|HELP) )?node_(?:cpu|disk|memory|vmstat|context|procs|pressure|load|boot|time|exporter)\w{0,80}[ {]/m.test(head),
  parse: (text, source): HostSeries => {
    const counter = new WarningCounter();
    const scrapes = readScrapes(text, source, counter);
    const [first] = scrapes;
    if (first === undefined) throw badRecord({ source }, 'it holds none of the counters of a host', HINT);
    const rows = scrapes.map(({ ns, totals }): HostSampleRow => ({ ...toRow(totals, EMPTY_HOST), t_ms: msSince(first.ns, ns) }));
    const when = first.timed ? ({ kind: 'zoned', resolution_ms: 1 } as const) : ({ kind: 'untimed', resolution_ms: 0 } as const);
    const interval = median(steps(rows.map(row => row.t_ms)));
    const never = neverGiven(rows, HOST_FIELDS);
    return {
      kind: 'host',
      format: ID,
      clock: clockOfSamples(when, interval),
      origin_ns: first.ns,
      rows,
      limits: [...limitsOfTimes(when, interval), ...(never.length === 0 ? [] : [`Not recorded: ${never.join(', ')}.`]), ...LIMITS],
      warnings: [...counter.sentences(), ...missingValues(rows, HOST_FIELDS)],
    };
  },
});

interface Scrape {
  readonly ns: bigint;
  readonly line: number;
  readonly timed: boolean;
  readonly totals: Totals;
  /** How many of its metrics are read, and whether others follow them, as those of the exporter itself do. */
  metrics: number;
  isEnded: boolean;
}

const readScrapes = (text: Text, source: string, counter: WarningCounter): readonly Scrape[] => {
  const scrapes = new Map<bigint, Scrape>();
  const seen = new Set<string>();
  const timed = new Map<bigint, Set<string>>();
  let scraped: bigint | undefined;
  let instance: string | undefined;
  for (const { number: line, text: raw } of wholeLines(text, source, counter)) {
    if (raw.replace(/^\ufeff/, '').startsWith('#')) {
      scraped = parseTimestamp(raw.replace(/^\ufeff?#/, '').trim())?.ns ?? scraped;
      continue;
    }
    const current = scrapes.get(scraped ?? 0n);
    if (!metricName(raw).startsWith('node_')) {
      if (current !== undefined) current.isEnded = true;
      continue;
    }
    const metric = parseMetric(raw);
    if (metric === undefined)
      throw badRecord({ source, line }, `${quote(raw)} is no sample of the Prometheus text format`, 'Mend or delete this line.');
    instance ??= metric.labels.get('instance');
    if (metric.labels.get('instance') !== undefined && metric.labels.get('instance') !== instance)
      throw badRecord({ source, line }, 'the file tells of several machines', 'Cut it in one file for each.');
    const ns = metric.ns ?? scraped;
    if (ns === undefined) refuseSecond(metric, seen, { source, line });
    if (ns !== undefined && isAgain(metric, ns, timed)) {
      counter.note('the same thing is told twice for one time; the first was taken', line, metric.name);
      continue;
    }
    const scrape = scrapes.get(ns ?? 0n) ?? { ns: ns ?? 0n, line, timed: ns !== undefined, totals: new Map(), metrics: 0, isEnded: false };
    if (!addMetric(scrape.totals, metric)) continue;
    scrape.metrics += 1;
    scrapes.set(ns ?? 0n, scrape);
  }
  const all = [...scrapes.values()].sort((a, b) => (a.ns < b.ns ? -1 : 1));
  if (all.some(({ timed }) => timed !== all[0]?.timed)) throw badRecord({ source }, 'some samples have a time and others have none', HINT);
  return withoutCutEnd(all, counter);
};

/** Sums over the CPUs of half a scrape are too small: the last of several counts where it goes on behind them, or has as much as the first. */
const withoutCutEnd = (all: readonly Scrape[], counter: WarningCounter): readonly Scrape[] => {
  const [first] = all;
  const last = all.at(-1);
  if (first === undefined || last === undefined || last.isEnded || (last !== first && last.metrics >= first.metrics)) return all;
  if (!last.timed) {
    counter.note('nothing follows the metrics of the host, so the scrape may be cut off and its sums too small', last.line);
    return all;
  }
  counter.note('the file may end in the middle of this scrape, which was left out', last.line);
  return all.slice(0, -1);
};

const keyOf = ({ name, labels }: Metric): string => `${name} ${JSON.stringify([...labels])}`;

/** Whether a metric was told before for the same time, as where the time of a scrape is lost. */
const isAgain = (metric: Metric, ns: bigint, told: Map<bigint, Set<string>>): boolean => {
  const [key, at] = [keyOf(metric), getOrCompute(told, ns, () => new Set<string>())];
  const again = at.has(key);
  at.add(key);
  return again;
};

/** Without times a second scrape cannot be told from the first. */
const refuseSecond = (metric: Metric, seen: Set<string>, at: { readonly source: string; readonly line: number }): void => {
  const key = keyOf(metric);
  if (seen.has(key)) throw badRecord(at, 'the file holds several scrapes, and no times to tell them apart', HINT);
  seen.add(key);
};
