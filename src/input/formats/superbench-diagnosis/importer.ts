// Format: https://github.com/microsoft/superbenchmark (sb result diagnosis, one node a line); seen: a real diagnosis_summary.jsonl.

import { z } from 'zod';
import { measurementSeries, UNMEASURED } from '#input/series/measurement-series';
import { jsonLines } from '#input/text/json-lines';
import type { Text } from '#input/text/text';
import { validate } from '#input/text/validate';
import { WarningCounter } from '#input/text/warning-counter';
import type { MeasurementRow } from '#schema/measurement';
import type { MeasurementSeries } from '#schema/relation';
import { defineImporter } from '../define.ts';

const ID = 'superbench-diagnosis';
const HINT = 'Give the diagnosis_summary.jsonl that sb result diagnosis wrote.';

const Line = z.object({ Category: z.string(), 'Defective Details': z.string(), index: z.string() });

export default defineImporter({
  id: ID,
  kind: 'measurements',
  title: 'SuperBench diagnosis (JSON lines)',
  extensions: ['.jsonl'],
  keys: ['Category', 'Defective Details', 'index'],
  sniff: head => /^\ufeff?\s*\{/.test(head) && head.includes('"Defective Details"'),
  parse: (text, source): MeasurementSeries => {
    const counter = new WarningCounter();
    const limits = [
      'It lists the nodes that SuperBench found defective, each with its reasons; the deviations of single metrics are not read.',
    ];
    return measurementSeries(ID, readRows(text, source, counter), { limits, warnings: counter.sentences() }, source, HINT);
  },
});

const readRows = (text: Text, source: string, counter: WarningCounter): MeasurementRow[] =>
  [...jsonLines(text, source, counter, { hint: HINT })]
    .map(({ line, value }) => validate(Line, value, { source, line }, HINT))
    .toSorted((a, b) => (a.index < b.index ? -1 : Number(a.index > b.index)))
    .map(node => ({
      ...{ ...UNMEASURED, what: 'check' as const, test: node.Category, from: node.index },
      ...{ passed: false, detail: node['Defective Details'] },
    }));
