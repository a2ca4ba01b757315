// Format: https://github.com/LMCache/LMBenchmark (LMBench_*.csv of the vLLM production stack and llm-d: one request a row). Seen: short and
// long inputs, with user_id and question_id; ShareGPT, without them (2025).

import { type RequestTimes, requestSeries } from '#input/series/request-series';
import { badRecord, quote } from '#input/text/bad-record';
import { amount } from '#input/text/decimal';
import { firstLines, readTable, splitCells, type TableRow } from '#input/text/table';
import { WarningCounter } from '#input/text/warning-counter';
import { clockOf, extent, nsOfSeconds, RELATIVE_LIMIT } from '#input/time/nanoseconds';
import type { RequestSeries } from '#schema/relation';
import { defineImporter } from '../define.ts';

const ID = 'lmbenchmark-csv';
const NEEDED = ['prompt_tokens', 'generation_tokens', 'ttft', 'generation_time', 'launch_time', 'finish_time'];
const ONLY_DONE = 'LMBenchmark writes only requests that were answered: failures are not in the file.';
const isHeader = (cells: readonly string[]): boolean => NEEDED.every(name => cells.includes(name));

export default defineImporter({
  id: ID,
  kind: 'requests',
  title: 'LMBenchmark (CSV)',
  extensions: ['.csv'],
  columns: NEEDED,
  sniff: head => firstLines(head).some(line => isHeader(splitCells(line))),
  parse: (text, source): RequestSeries => {
    const counter = new WarningCounter();
    const table = readTable(text, source, { title: 'LMBenchmark', isHeader, isWhole: () => false, restarts: false }, counter);
    const requests: RequestTimes[] = [];
    for (const row of table.rows) {
      if (row.cut) counter.note('its last value may be cut off, so the request was left out', row.line);
      else requests.push(readRow(row, table.columns, source));
    }
    const clock = clockOf(extent(requests.map(request => request.arrival))?.min ?? 0n);
    const limits = [...(clock.kind === 'relative' ? [RELATIVE_LIMIT] : []), ONLY_DONE];
    return requestSeries(requests, { format: ID, source, clock, limits, warnings: [] }, counter);
  },
});

const readRow = ({ cells, line }: TableRow, columns: readonly string[], source: string): RequestTimes => {
  const cell = (name: string) => cells[columns.indexOf(name)] ?? '';
  const number = (name: string): number => {
    const value = amount(cell(name));
    if (value === undefined)
      throw badRecord({ source, line, field: name }, `${quote(cell(name))} is not an amount`, 'Mend or delete this line.');
    return value;
  };
  const [start, end, ttft] = [number('launch_time'), number('finish_time'), number('ttft')];
  if (end < start)
    throw badRecord({ source, line, field: 'finish_time' }, 'the request ends before it begins', 'Mend or delete this line.');
  const [user, question] = [cell('user_id'), cell('question_id')];
  const arrival = nsOfSeconds(start);
  return {
    id: user === '' || question === '' ? null : `user ${user}, question ${question}`,
    place: line,
    intended: null,
    arrival,
    scheduled: null,
    firstToken: arrival + nsOfSeconds(ttft),
    finish: nsOfSeconds(end),
    prompt_tokens: number('prompt_tokens'),
    output_tokens: number('generation_tokens'),
    itl_ms: null,
    status: 'ok',
  };
};
