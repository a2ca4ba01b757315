// Format: https://docs.nvidia.com/datacenter/dcgm/latest/user-guide/dcgm-user-cli.html, "dcgmi dmon". It writes no times
// (https://github.com/NVIDIA/DCGM/issues/14): each line must be given one, as by ts of moreutils.

import { unnamedCards } from '#input/series/cards';
import { EMPTY_GPU } from '#input/series/empty-rows';
import { type GpuSample, gpuSeries } from '#input/series/gpu-series';
import { badRecord, quote } from '#input/text/bad-record';
import { decimal } from '#input/text/decimal';
import type { Line } from '#input/text/lines';
import type { Text } from '#input/text/text';
import { WarningCounter } from '#input/text/warning-counter';
import { wholeLines } from '#input/text/whole-lines';
import { parseLocalTimestamp } from '#input/time/local-timestamp';
import type { Timestamp } from '#input/time/timestamp';
import type { GpuSampleRow, GpuSeries } from '#schema/relation';
import { defineImporter } from '../define.ts';

const ID = 'dcgmi-dmon';
const MEND = 'Mend or delete this line.';
const NO_TIMES = "Record again with times: dcgmi dmon -e 155,203,100 | ts '%Y-%m-%dT%H:%M:%.S%z' (ts is in moreutils).";

/** Short names of fields as DCGM prints them. */
const COLUMNS = {
  POWER: 'power_w',
  SMCLK: 'sm_clock_mhz',
  MMCLK: 'mem_clock_mhz',
  TMPTR: 'temperature_c',
  GPUTL: 'utilization_pct',
  FBUSD: 'memory_used_mib',
} as const satisfies Readonly<Record<string, keyof GpuSampleRow>>;

const HEADER = /^(.{0,60}?)\s*#\s?Entity\s+(\S.*)$/;
/** The same at the margin, or behind a time that begins there: Markdown quotes by indenting. */
const HEADER_AT_MARGIN = /^\ufeff?(?:[\w[].{0,59}?\s)?\s{0,3}#\s?Entity\s+\S/;
const ROW = /^(.{0,60}?)\s*\bGPU (\d{1,4})\s+(\S.*)$/;

const LIMITS = [
  'Times are those at which the lines were received. Columns other than power, clocks, temperature, utilization and memory are not read.',
];

export default defineImporter({
  id: ID,
  kind: 'gpu',
  title: 'dcgmi dmon (text, with times)',
  extensions: ['.txt', '.log'],
  sniff: head => head.split(/\r?\n/, 50).some(line => HEADER_AT_MARGIN.test(line.slice(0, 1000))),
  parse: (text, source): GpuSeries => {
    const counter = new WarningCounter();
    const { samples, first } = readSamples(text, source, counter);
    const when = { kind: first?.zoned === true ? 'zoned' : 'zoneless', resolution_ms: first?.resolution_ms ?? 1 } as const;
    return gpuSeries(samples, { format: ID, source, when, limits: LIMITS, counter, cards: unnamedCards(samples) });
  },
});

const readSamples = (text: Text, source: string, counter: WarningCounter) => {
  const samples: GpuSample[] = [];
  let columns: readonly string[] | undefined;
  let first: Timestamp | undefined;
  for (const line of wholeLines(text, source, counter)) {
    const names = HEADER.exec(line.text)?.[2];
    columns = names === undefined ? columns : split(names);
    const [, time = '', gpu = '', values] = ROW.exec(line.text) ?? [];
    if (columns === undefined || values === undefined) {
      if (names === undefined && !/\bID\b/.test(line.text))
        counter.note('the line is not of a GPU, and was left out', line.number, quote(line.text));
      continue;
    }
    const stamp = stampOf(time, line, source);
    first ??= stamp;
    if (stamp.zoned !== first.zoned)
      throw badRecord({ source, line: line.number }, 'this time has a zone and others have none, or the reverse', MEND);
    samples.push({ line: line.number, text: line.text, ns: stamp.ns, row: rowOf(Number(gpu), columns, values, line, source) });
  }
  return { samples, first };
};

/** The values of an entity may hold no blanks, so blanks part them. */
const split = (text: string): string[] => text.split(/\s+/).filter(cell => cell !== '');

const stampOf = (time: string, { number: line }: Line, source: string): Timestamp => {
  if (time.trim() === '') throw badRecord({ source, line }, 'the samples carry no times, so none can be placed', NO_TIMES);
  const stamp = parseLocalTimestamp(time.trim().replace(/^\[|\]$/g, ''));
  if (stamp === undefined) throw badRecord({ source, line, field: 'time' }, `${quote(time)} is not a time`, NO_TIMES);
  return stamp;
};

const rowOf = (gpu: number, columns: readonly string[], values: string, { number: line }: Line, source: string): GpuSampleRow => {
  const cells = split(values);
  if (cells.length !== columns.length)
    throw badRecord({ source, line }, `the line has ${cells.length} values, but the header has ${columns.length}`, MEND);
  const row: GpuSampleRow = { ...EMPTY_GPU, gpu };
  for (const [column, field] of Object.entries(COLUMNS)) {
    const cell = cells[columns.indexOf(column)] ?? 'N/A';
    if (cell === 'N/A' || cell === '-') continue;
    const value = decimal(cell);
    if (value === undefined || (value < 0 && field !== 'temperature_c'))
      throw badRecord({ source, line, field: column }, `${quote(cell)} is not a quantity`, MEND);
    row[field] = value;
  }
  return row;
};
