// Format: https://github.com/NVIDIA/nccl-tests (all_reduce_perf and its like, doc/PERFORMANCE.md); seen: a real file of NCCL 2.8's time, with the
// columns "error", and the layout of 2.13 and later, with "root" and "#wrong".

import { measurementSeries, UNMEASURED } from '#input/series/measurement-series';
import { quote, secondResult } from '#input/text/bad-record';
import { amount } from '#input/text/decimal';
import type { Text } from '#input/text/text';
import { WarningCounter } from '#input/text/warning-counter';
import { wholeLines } from '#input/text/whole-lines';
import type { MeasurementRow } from '#schema/measurement';
import type { MeasurementSeries } from '#schema/relation';
import { defineImporter } from '../define.ts';

const ID = 'nccl-tests';
const HINT = 'Give what all_reduce_perf, or another program of nccl-tests, printed.';

const BEGINS = /^\ufeff?#\s{1,10}nThread \d/;
const RANK = /^#\s{1,8}Rank\s{1,8}\d+ .*?device\s{1,8}\d+ \[[^\]]{1,32}\] (.+?)\s*$/;
const NAMED = /Collective test starting: (\w+?)(?:_perf)?\s*$/;
const OUT_OF_BOUNDS = /^#\s*Out of bounds values\s*:\s*(\d{1,18})\s+(OK|FAILED)/;
/** size, count, type, redop or none, root or none, and once or twice time, algbw, busbw, error. */
const ROW =
  /^\s*(\d{1,18})\s+\d{1,18}\s+(\w{2,12})(?:\s+[a-z]\w{0,12})?(?:\s+-?\d{1,6})?\s+([\d.e+]{1,20})\s+([\d.]{1,16})\s+([\d.]{1,16})\s+(\S{1,16})(?:(?:\s+\S{1,16}){4})?\s*$/;
const PRECISIONS: Readonly<Record<string, string>> = { float: 'float32', half: 'float16', double: 'float64' };

export default defineImporter({
  id: ID,
  kind: 'measurements',
  title: 'nccl-tests (text)',
  extensions: ['.log', '.txt'],
  sniff: head => /^\ufeff?#\s{1,10}nThread \d+ nGpus \d+ minBytes/m.test(head),
  parse: (text, source): MeasurementSeries => {
    const counter = new WarningCounter();
    const limits = ['Of the two results of each size the out-of-place one is read.'];
    return measurementSeries(ID, readRows(text, source, counter), { limits, warnings: counter.sentences() }, source, HINT);
  },
});

interface Seen {
  ranks: number;
  model: string | null;
  op: string | null;
}

const readRows = (text: Text, source: string, counter: WarningCounter): MeasurementRow[] => {
  const seen: Seen = { ranks: 0, model: null, op: null };
  const rows: MeasurementRow[] = [];
  const ratios: number[] = [];
  for (const line of wholeLines(text, source, counter)) {
    if (BEGINS.test(line.text) && rows.length > 0) throw secondResult({ source, line: line.number }, 'a second run begins here');
    const [, model] = RANK.exec(line.text) ?? [];
    if (model !== undefined) {
      seen.ranks += 1;
      seen.model = model;
    }
    seen.op ??= NAMED.exec(line.text)?.[1] ?? null;
    const found = rowOf(line.text, seen);
    if (found === undefined) {
      if (/^\s+\S|^\d|^#\s+Rank\b|^#\s*Out of bounds/.test(line.text) && model === undefined)
        counter.note('the line is no result of nccl-tests, and was left out', line.number, quote(line.text));
      continue;
    }
    rows.push(found.row);
    ratios.push(found.ratio);
  }
  // The op is told by how much busier the bus is than the algorithm, where the program does not name itself.
  const op = seen.op ?? opOf(ratios.findLast(Number.isFinite), seen.ranks);
  return rows.map(row => (row.what === 'collective' ? { ...row, test: op } : row));
};

const rowOf = (line: string, { ranks, model }: Seen): { readonly row: MeasurementRow; readonly ratio: number } | undefined => {
  const base = { ...UNMEASURED, gpu_model: model, ranks: ranks === 0 ? null : ranks };
  const [, wrong, verdict] = OUT_OF_BOUNDS.exec(line) ?? [];
  if (wrong !== undefined) {
    const passed = verdict === 'OK';
    const detail = passed ? null : `${wrong} values were wrong`;
    return { row: { ...base, what: 'check', test: 'values are right', passed, detail }, ratio: Number.NaN };
  }
  const [, bytes, type = '', time = '', algorithm = '', bus = ''] = ROW.exec(line) ?? [];
  const [time_us, value, algbw] = [amount(time), amount(bus), amount(algorithm)];
  if (bytes === undefined || time_us === undefined || value === undefined || algbw === undefined || Number(bytes) === 0) return undefined;
  const precision = PRECISIONS[type] ?? type;
  return {
    row: { ...base, what: 'collective', test: '', precision, bytes: Number(bytes), time_us, value, unit: 'GB/s' },
    ratio: value / algbw,
  };
};

/** Shares of bus to algorithm bandwidth that are nobody else's for more than two ranks (nccl-tests, doc/PERFORMANCE.md). */
const opOf = (ratio: number | undefined, ranks: number): string => {
  const close = (to: number) => ratio !== undefined && Math.abs(ratio - to) < 0.02;
  if (ranks > 2 && close((2 * (ranks - 1)) / ranks)) return 'all_reduce';
  if (ranks > 2 && close((ranks - 1) / ranks)) return 'all_gather, reduce_scatter or alltoall';
  return 'collective';
};
