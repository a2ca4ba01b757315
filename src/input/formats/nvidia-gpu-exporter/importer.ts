// Format: https://github.com/utkuozdemir/nvidia_gpu_exporter in https://prometheus.io/docs/instrumenting/exposition_formats/: one scrape, or
// several with a line "# <time>" before each; seen: the names of 0.3 to 1.4.

import { metricName, parseMetric } from '#input/formats/shared/exposition';
import { EMPTY_GPU } from '#input/series/empty-rows';
import { type GpuSample, gpuSeries } from '#input/series/gpu-series';
import { drawWindow } from '#input/series/power-window';
import { badRecord, quote } from '#input/text/bad-record';
import type { Text } from '#input/text/text';
import { WarningCounter } from '#input/text/warning-counter';
import { wholeLines } from '#input/text/whole-lines';
import type { When } from '#input/time/sample-clock';
import { parseTimestamp } from '#input/time/timestamp';
import { cardOf } from '#schema/gpu-card';
import type { GpuSampleRow, GpuSeries } from '#schema/relation';
import { defineImporter } from '../define.ts';

const ID = 'nvidia-gpu-exporter';
const HINT =
  "Give what the exporter serves at /metrics, with a time before each scrape: (date -u '+# %FT%T.%NZ'; curl -s host:9835/metrics) >> file.";
const HZ_PER_MHZ = 1e6;
const BYTES_PER_MIB = 2 ** 20;

/** Metrics, the field of each, and how many of ours one of theirs is; the first that is there counts. */
const METRICS: Readonly<Record<string, { readonly field: keyof GpuSampleRow; readonly scale: number }>> = {
  nvidia_smi_power_draw_watts: { field: 'power_w', scale: 1 },
  nvidia_smi_enforced_power_limit_watts: { field: 'power_limit_w', scale: 1 },
  nvidia_smi_clocks_current_sm_clock_hz: { field: 'sm_clock_mhz', scale: 1 / HZ_PER_MHZ },
  nvidia_smi_clocks_current_memory_clock_hz: { field: 'mem_clock_mhz', scale: 1 / HZ_PER_MHZ },
  nvidia_smi_temperature_gpu: { field: 'temperature_c', scale: 1 },
  nvidia_smi_utilization_gpu_ratio: { field: 'utilization_pct', scale: 100 },
  nvidia_smi_memory_used_bytes: { field: 'memory_used_mib', scale: 1 / BYTES_PER_MIB },
};
const INDEX = 'nvidia_smi_index';
const INFO = 'nvidia_smi_gpu_info';
const LARGEST_INDEX = 9999;
const NUMBERED = 'The scrape has no nvidia_smi_index: GPUs are numbered in the order of their uuid, which need not be that of the driver.';

export default defineImporter({
  id: ID,
  kind: 'gpu',
  title: 'nvidia_gpu_exporter (Prometheus text)',
  extensions: ['.prom', '.txt'],
  sniff: head => /^\ufeff?(?:# (?:TYPE|HELP) )?nvidia_smi_[a-z_0-9]{1,100}[ {]/m.test(head),
  parse: (text, source): GpuSeries => {
    const counter = new WarningCounter();
    const { readings, indices, names } = readScrapes(text, source, counter);
    const timed = readings.some(({ ns }) => ns !== undefined);
    if (timed && readings.some(({ ns }) => ns === undefined))
      throw badRecord({ source }, 'some samples have a time and others have none', HINT);
    const when: When = timed ? { kind: 'zoned', resolution_ms: 1 } : { kind: 'untimed', resolution_ms: 0 };
    const uuids = [...new Set(readings.map(({ uuid }) => uuid))].sort();
    const isNumbered = uuids.every(uuid => indices.has(uuid)) && new Set(indices.values()).size === indices.size;
    const numberOf = (uuid: string) => (isNumbered ? (indices.get(uuid) ?? 0) : uuids.indexOf(uuid));
    const samples = readings.map(({ line, ns, uuid, row }): GpuSample => {
      const gpu = numberOf(uuid);
      return { line, text: `${ns} ${uuid}`, ns: ns ?? 0n, row: { ...row, gpu, name: names.get(uuid) ?? null } };
    });
    const limits = isNumbered || uuids.length < 2 ? [] : [NUMBERED];
    const cards = new Map(
      uuids.map(uuid => [numberOf(uuid), cardOf({ uuid, power_window_s: drawWindow(names.get(uuid) ?? null) })] as const),
    );
    return gpuSeries(samples, { format: ID, source, when, limits, counter, cards });
  },
});

interface Scraped {
  readonly line: number;
  readonly ns: bigint | undefined;
  readonly uuid: string;
  row: GpuSampleRow;
}

const readScrapes = (text: Text, source: string, counter: WarningCounter) => {
  const readings = new Map<string, Scraped>();
  const indices = new Map<string, number>();
  const names = new Map<string, string>();
  let scraped: bigint | undefined;
  for (const { number: line, text: raw } of wholeLines(text, source, counter)) {
    if (raw.replace(/^\ufeff/, '').startsWith('#')) {
      scraped = parseTimestamp(raw.replace(/^\ufeff?#/, '').trim())?.ns ?? scraped;
      continue;
    }
    if (!metricName(raw).startsWith('nvidia_smi_')) continue;
    const metric = parseMetric(raw);
    if (metric === undefined)
      throw badRecord({ source, line }, `${quote(raw)} is no sample of the Prometheus text format`, 'Mend or delete this line.');
    const { name, labels, value } = metric;
    // Two machines may have cards of one number, and none of one uuid.
    const uuid = labels.get('uuid') ?? '';
    if (name === INDEX && Number.isInteger(value) && value >= 0 && value <= LARGEST_INDEX) indices.set(uuid, value);
    if (name === INFO) names.set(uuid, labels.get('name') ?? '');
    const known = Object.hasOwn(METRICS, name) ? METRICS[name] : undefined;
    if (known === undefined || !Number.isFinite(value)) continue;
    const ns = metric.ns ?? scraped;
    const key = `${ns} ${uuid}`;
    const reading = readings.get(key) ?? { line, ns, uuid, row: EMPTY_GPU };
    readings.set(key, reading);
    if (reading.row[known.field] !== null) {
      if (ns === undefined) throw badRecord({ source, line }, 'the file holds several scrapes, and no times to tell them apart', HINT);
      counter.note('the same thing is told twice for one time; the first was taken', line, name);
    } else reading.row = { ...reading.row, [known.field]: value * known.scale };
  }
  return { readings: [...readings.values()], indices, names };
};
