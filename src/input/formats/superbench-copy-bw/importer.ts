// Format: https://github.com/microsoft/superbenchmark (gpu_copy, the output of the program itself); seen: a real file.

import { measurementSeries, UNMEASURED } from '#input/series/measurement-series';
import { quote } from '#input/text/bad-record';
import { amount } from '#input/text/decimal';
import type { Text } from '#input/text/text';
import { WarningCounter } from '#input/text/warning-counter';
import { wholeLines } from '#input/text/whole-lines';
import type { MeasurementRow } from '#schema/measurement';
import type { MeasurementSeries } from '#schema/relation';
import { defineImporter } from '../define.ts';

const ID = 'superbench-copy-bw';
const HINT = 'Give what gpu_copy of SuperBench printed.';

/** gpu0_to_gpu1_write_by_sm 258.397; cpu_and_gpu0_by_dma_under_numa1 49.4. */
const ROW = /^(cpu|gpu\d{1,4})_(to|and)_(cpu|gpu\d{1,4})((?:_(?:read|write))?_by_(?:sm|dma)(?:_under_numa\d{1,4})?)\s+(\S{1,20})\s*$/;

export default defineImporter({
  id: ID,
  kind: 'measurements',
  title: 'SuperBench gpu_copy (text)',
  extensions: ['.log', '.txt'],
  sniff: head => /^\ufeff?(?:cpu|gpu\d+)_(?:to|and)_(?:cpu|gpu\d+)(?:_read|_write)?_by_(?:sm|dma)(?:_under_numa\d+)? /m.test(head),
  parse: (text, source): MeasurementSeries => {
    const counter = new WarningCounter();
    const limits = ['The size of the copies is not in the file.'];
    return measurementSeries(ID, readRows(text, source, counter), { limits, warnings: counter.sentences() }, source, HINT);
  },
});

const placeOf = (name: string): string => (name === 'cpu' ? 'CPU' : `GPU ${name.slice('gpu'.length)}`);

const readRows = (text: Text, source: string, counter: WarningCounter): MeasurementRow[] =>
  [...wholeLines(text, source, counter)].flatMap(line => {
    const [, a, way, b, rest = '', cell = ''] = ROW.exec(line.text) ?? [];
    const value = amount(cell);
    if (a === undefined || b === undefined || value === undefined) {
      counter.note('the line is no figure of a copy, and was left out', line.number, quote(line.text));
      return [];
    }
    const what = a === b ? 'device-copy' : a === 'cpu' || b === 'cpu' ? 'host-copy' : 'peer-copy';
    return [
      {
        ...{ ...UNMEASURED, what, test: rest.slice(1), from: placeOf(a), to: placeOf(b) },
        ...{ both_ways: way === 'and', value, unit: 'GB/s' as const },
      } satisfies MeasurementRow,
    ];
  });
