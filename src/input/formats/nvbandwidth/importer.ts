// Format: https://github.com/NVIDIA/nvbandwidth (text; -j: JSON); seen: a real text of v0.6, and the layout of v0.7 and v0.8.

import { z } from 'zod';
import { measurementSeries, UNMEASURED } from '#input/series/measurement-series';
import { quote } from '#input/text/bad-record';
import { amount } from '#input/text/decimal';
import { smallJson } from '#input/text/json-document';
import { head as headOf, type Text } from '#input/text/text';
import { validate } from '#input/text/validate';
import { WarningCounter } from '#input/text/warning-counter';
import { wholeLines } from '#input/text/whole-lines';
import type { MeasurementRow } from '#schema/measurement';
import type { MeasurementSeries } from '#schema/relation';
import { defineImporter } from '../define.ts';

const ID = 'nvbandwidth';
const HINT = 'Give what nvbandwidth printed, or what nvbandwidth -j wrote.';
const LIMITS = ['Copies of the size that nvbandwidth chose (512 MiB unless --bufferSize says otherwise), which its output does not tell.'];

const DEVICE = /^Device \d+: (.+?)(?: \([\da-f:.]+\))?\s*$/i;
const RUNNING = /^Running (\w{1,80})\.\s*$/;
/** "memcpy CE CPU(row) -> GPU(column) bandwidth (GB/s)"; copies between GPUs in both directions have three matrices, of which the total is read. */
const DESCRIPTION =
  /^(?:memcpy|memory latency|.{1,40}?) ?(?:CE|SM) (CPU|GPU)\(row\) (->|<-|<->) (CPU|GPU)\(column\)(?: (?:Read1|Read2|Write1|Write2|(Total)))?(?: bandwidth)? \((GB\/s|ns)\)\s*$/;

const Document = z.object({
  nvbandwidth: z.object({
    GPU: z.array(z.string()).nullish(),
    testcases: z.array(
      z.object({
        name: z.string(),
        status: z.string(),
        bandwidth_description: z.string().nullish(),
        bandwidth_matrix: z.array(z.array(z.union([z.string(), z.number()]))).nullish(),
        error: z.string().nullish(),
      }),
    ),
  }),
});

export default defineImporter({
  id: ID,
  kind: 'measurements',
  title: 'nvbandwidth (text or JSON)',
  extensions: ['.log', '.txt', '.json'],
  keys: ['nvbandwidth', 'testcases', 'bandwidth_matrix'],
  sniff: head => /^\ufeff?[ \t]*nvbandwidth Version: v/m.test(head) || (/^\ufeff?\s*\{/.test(head) && /"nvbandwidth"\s*:\s*\{/.test(head)),
  parse: (text, source): MeasurementSeries => {
    const counter = new WarningCounter();
    const rows = /^\ufeff?\s*\{/.test(headOf(text, 64)) ? rowsOfJson(text, source) : rowsOfText(text, source, counter);
    return measurementSeries(ID, rows, { limits: LIMITS, warnings: counter.sentences() }, source, HINT);
  },
});

interface Test {
  readonly name: string;
  readonly model: string | null;
  readonly description: string;
}

/** Ends of a copy; null where several GPUs are one end, and the figure is the sum of their copies. */
function endsOf(name: string, arrow: string | undefined, row: string, column: string): readonly [string | null, string | null] {
  if (name.startsWith('one_to_all')) return [column, null];
  if (name.startsWith('all_to_one')) return [null, column];
  // In both directions at once, and only the one that the test is named after is measured.
  const isBack = arrow === '<->' ? /^(?:device|all)_to_host/.test(name) : arrow === '<-';
  return isBack ? [column, row] : [row, column];
}

/** One cell of a test's matrix; undefined where there is no figure, or one that another holds as well. */
function cellOf({ name, model, description }: Test, row: string, column: string, cell: string | number): MeasurementRow | undefined {
  const [, toldRow, arrow, columnIs, total, unit] = DESCRIPTION.exec(description) ?? [];
  const value = typeof cell === 'number' ? cell : amount(cell);
  if (toldRow === undefined || columnIs === undefined || value === undefined) return undefined;
  // nvbandwidth calls the rows of its tests between GPUs in both directions processors.
  const rowIs = name.startsWith('device_to_device') ? 'GPU' : toldRow;
  const isBetween = rowIs === columnIs;
  const bothWays = isBetween && arrow === '<->';
  if (bothWays && total === undefined && /Read|Write/.test(description)) return undefined;
  const [a, b] = [`${rowIs} ${row}`, `${columnIs} ${column}`];
  const what =
    unit === 'ns' ? 'latency' : isBetween ? (a === b && !/_to_all|all_to_/.test(name) ? 'device-copy' : 'peer-copy') : 'host-copy';
  const [from, to] = endsOf(name, arrow, a, b);
  return {
    ...{ ...UNMEASURED, what, test: name, gpu_model: model, from, to },
    ...{ both_ways: bothWays, value, unit: unit === 'ns' ? 'ns' : 'GB/s' },
  };
}

function rowsOfText(text: Text, source: string, counter: WarningCounter): MeasurementRow[] {
  const rows: MeasurementRow[] = [];
  let model: string | null = null;
  let name = '';
  let description = '';
  let columns: string[] = [];
  for (const line of wholeLines(text, source, counter)) {
    const [, device] = DEVICE.exec(line.text) ?? [];
    if (device !== undefined) model ??= device;
    const [, running] = RUNNING.exec(line.text) ?? [];
    if (running !== undefined) [name, description, columns] = [running, '', []];
    if (DESCRIPTION.test(line.text)) [description, columns] = [line.text, []];
    const cells = line.text.trim().split(/\s+/);
    if (description === '' || !/^\s/.test(line.text)) continue;
    if (cells.every(c => /^\d{1,4}$/.test(c)) && columns.length === 0) {
      columns = cells;
      continue;
    }
    const [row = '', ...values] = cells;
    const isRow =
      /^\d{1,4}$/.test(row) && values.length === columns.length && values.every(cell => cell === 'N/A' || amount(cell) !== undefined);
    if (!isRow) {
      counter.note('the line does not fit its matrix, and was left out', line.number, quote(line.text));
      continue;
    }
    for (const [i, cell] of values.entries()) {
      const found = cellOf({ name, model, description }, row, columns[i] ?? '', cell);
      if (found !== undefined && columns[i] !== undefined) rows.push(found);
    }
  }
  return rows;
}

function rowsOfJson(text: Text, source: string): MeasurementRow[] {
  const { nvbandwidth } = validate(Document, smallJson(text, source, HINT), { source }, HINT);
  const model = nvbandwidth.GPU?.[0]?.replace(/^\d+: /, '').replace(/:? \([\da-f:.]+\).*$/i, '') ?? null;
  return nvbandwidth.testcases.flatMap(t => {
    const test = { name: t.name, model, description: t.bandwidth_description ?? '' };
    const cells = (t.bandwidth_matrix ?? []).flatMap((line, row) =>
      line.flatMap((cell, column) => cellOf(test, String(row), String(column), cell) ?? []),
    );
    const isFailed = /^(?:error|failed)/i.test(t.status);
    const failed = isFailed
      ? [{ ...UNMEASURED, what: 'check' as const, test: t.name, gpu_model: model, passed: false, detail: t.error ?? t.status }]
      : [];
    return [...cells, ...failed];
  });
}
