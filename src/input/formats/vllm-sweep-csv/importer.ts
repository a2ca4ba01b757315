// Format: https://docs.vllm.ai/en/latest/benchmarking/sweeps.html (summary.csv of vllm bench sweep serve: the results of all runs as a table,
// under the names of vllm bench serve); seen: the layout of vLLM 0.11 to 0.25.

import { isServingFigure } from '#input/formats/shared/serving-figures';
import { fewestOf, ServingRun, servingRunOf } from '#input/formats/shared/serving-run';
import { fewRequests } from '#input/series/latency-figures';
import { AGGREGATES_ONLY, ALL_FAILED, NO_END_MARK, NO_STARTS, summarySeries } from '#input/series/summary-series';
import { badRecord, quote } from '#input/text/bad-record';
import { decimal } from '#input/text/decimal';
import { firstLines, readTable, splitCells, type TableRow } from '#input/text/table';
import { validate } from '#input/text/validate';
import { WarningCounter } from '#input/text/warning-counter';
import type { SummarySeries } from '#schema/relation';
import { defineImporter } from '../define.ts';

const ID = 'vllm-sweep-csv';
const HINT = 'Give summary.csv as vllm bench sweep wrote it.';
const NEEDED = ['completed', 'request_throughput', 'output_throughput', 'mean_ttft_ms'];
const isHeader = (cells: readonly string[]): boolean => NEEDED.every(name => cells.includes(name));

export default defineImporter({
  id: ID,
  kind: 'summary',
  title: 'vllm bench sweep summary (CSV)',
  extensions: ['.csv'],
  columns: [...NEEDED, 'model_id', 'request_rate', 'max_concurrency', 'duration', 'total_output_tokens'],
  sniff: head => firstLines(head).some(line => isHeader(splitCells(line))),
  parse: (text, source): SummarySeries => {
    const counter = new WarningCounter();
    const table = readTable(text, source, { title: 'vllm bench sweep', isHeader, isWhole: () => false, restarts: false }, counter);
    const runs = Array.from(table.rows, row => readRow(row, table.columns, source));
    if (runs.length === 0) throw badRecord({ source }, 'the file holds no run', HINT);
    const fewest = fewestOf(runs);
    const rows = runs.map(servingRunOf).sort((a, b) => (JSON.stringify([a.label, a]) < JSON.stringify([b.label, b]) ? -1 : 1));
    return summarySeries({
      format: ID,
      rows,
      limits: [NO_STARTS, AGGREGATES_ONLY, ...(fewest === 0 ? [ALL_FAILED] : fewRequests(fewest))],
      warnings: [NO_END_MARK, ...counter.sentences()],
    });
  },
});

/** pandas writes nothing for what a run lacks, and whole numbers of a column with gaps as 16.0. */
const readRow = ({ cells, line }: TableRow, columns: readonly string[], source: string): ServingRun => {
  const fields = columns.flatMap((column, i): (readonly [string, string | number])[] => {
    const cell = cells[i] ?? '';
    if (column === '' || cell === '') return [];
    const value = decimal(cell);
    if (value === undefined && isServingFigure(column))
      throw badRecord({ source, line, field: column }, `${quote(cell)} is not a number`, 'Mend or delete this line.');
    return [[column, value ?? cell]];
  });
  return validate(ServingRun, Object.fromEntries(fields), { source, line }, HINT);
};
