// Format: https://docs.nvidia.com/datacenter/dcgm/latest/reference/command-line-reference/dcgmi/dcgmi-diag.html (-j); the layouts of DCGM 3
// ("DCGM GPU Diagnostic", gpu_id) and of DCGM 4 ("DCGM Diagnostic", entity_id). NVIDIA calls the JSON not stable; what is read is in both.

import { z } from 'zod';
import { measurementSeries, UNMEASURED } from '#input/series/measurement-series';
import { badRecord } from '#input/text/bad-record';
import { smallJson } from '#input/text/json-document';
import { validate } from '#input/text/validate';
import type { MeasurementRow } from '#schema/measurement';
import type { MeasurementSeries } from '#schema/relation';
import { defineImporter } from '../define.ts';

const ID = 'dcgmi-diag';
const HINT = 'Give what dcgmi diag -r … -j printed.';

const Warning = z.union([z.string(), z.object({ warning: z.string() })]);
const Id = z.union([z.string().regex(/^\d{1,4}$/), z.int().min(0).max(9999)]);
const Result = z.object({
  gpu_id: Id.nullish(),
  gpu_ids: z.string().nullish(),
  entity_group: z.string().nullish(),
  entity_id: Id.nullish(),
  status: z.string(),
  warnings: z.union([z.string(), z.array(Warning)]).nullish(),
});
type Result = z.infer<typeof Result>;
const Diagnostic = z.object({
  test_categories: z.array(z.object({ tests: z.array(z.object({ name: z.string(), results: z.array(Result) })) })),
});
const Document = z.object({ 'DCGM GPU Diagnostic': Diagnostic.optional(), 'DCGM Diagnostic': Diagnostic.optional() });

export default defineImporter({
  id: ID,
  kind: 'measurements',
  title: 'dcgmi diag -j (JSON)',
  extensions: ['.json'],
  keys: ['DCGM GPU Diagnostic', 'DCGM Diagnostic', 'test_categories'],
  sniff: head => /^\ufeff?\s*\{/.test(head) && /"DCGM (?:GPU )?Diagnostic"\s*:/.test(head),
  parse: (text, source): MeasurementSeries => {
    const document = validate(Document, smallJson(text, source, HINT), { source }, HINT);
    const found = document['DCGM Diagnostic'] ?? document['DCGM GPU Diagnostic'];
    if (found === undefined) throw badRecord({ source }, 'it holds no diagnostic', HINT);
    const rows = found.test_categories.flatMap(c => c.tests.flatMap(t => t.results.map(r => rowOf(t.name, r))));
    const limits = ['A test that was skipped is neither passed nor failed. The readings that some tests take are not read.'];
    return measurementSeries(ID, rows, { limits, warnings: [] }, source, HINT);
  },
});

const warningsOf = ({ warnings }: Result): string | null => {
  const all = typeof warnings === 'string' ? [warnings] : (warnings ?? []).map(w => (typeof w === 'string' ? w : w.warning));
  return all.length === 0 ? null : all.join(' ');
};

const rowOf = (test: string, result: Result): MeasurementRow => {
  const gpu = result.gpu_id ?? result.gpu_ids ?? ((result.entity_group ?? 'GPU') === 'GPU' ? result.entity_id : null);
  const passed = /^pass/i.test(result.status) ? true : /^(?:fail|warn)/i.test(result.status) ? false : null;
  const detail = warningsOf(result) ?? (passed === null ? result.status : null);
  return { ...UNMEASURED, what: 'check', test, from: gpu == null ? null : `GPU ${gpu}`, passed, detail };
};
