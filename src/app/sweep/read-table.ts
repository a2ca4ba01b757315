import { textOf } from '#app/inputs/text-file';
import type { Grid } from '#audit/document/block';
import { isMarkdown, markdownBlocks } from '#audit/document/markdown';
import { readNumber } from '#audit/document/read-number';
import { type Meaning, meaningOf } from '#audit/document/vocabulary';
import type { Frame } from '#audit/statement';
import { ForensicsError } from '#core/errors';
import { statsOf } from '#core/stats-of';
import { latencyFigure, namedFigure } from '#decide/metrics/figures';
import type { Setting, Varied } from '#decide/sweep/settings';
import type { RunFigure } from '#schema/run';

/** What people write by hand. */
const LARGEST = 2 ** 20;
const HINT = 'A table of a sweep has a column of settings and one of throughput, as | Max batch | Throughput (tok/s) |.';

/** The text of a file with a Markdown table; undefined for any other. */
export function tableText(file: string, content: string): string | undefined {
  if (!/\.(?:md|markdown|txt)$/i.test(file) || (statsOf(content)?.size ?? 0) > LARGEST) return undefined;
  const text = [...textOf(content, file)].join('');
  return isMarkdown(text) ? text : undefined;
}

const FRAME: Frame = { subject: '', role: 'result', scope: [], sweep: null, source: { file: '', line: 1, path: null } };
const THROUGHPUT = ['output_tokens_per_s', 'total_tokens_per_s', 'requests_per_s'];

function figureOf(cell: string, meaning: Meaning | undefined): readonly RunFigure[] {
  const read = meaning === undefined ? undefined : readNumber(cell, meaning, FRAME);
  if (meaning === undefined || read === undefined) return [];
  switch (meaning.quantity) {
    case 'output_tokens_per_s':
      return namedFigure('tok/s', read.value);
    case 'total_tokens_per_s':
      return namedFigure('total tok/s', read.value);
    case 'requests_per_s':
      return namedFigure('req/s', read.value);
    case 'tokens_per_joule':
      return namedFigure('tok/J', read.value);
    case 'power_mean_w':
      return namedFigure('mean power', read.value);
    case 'latency_ms':
      return meaning.statistic === 'mean' || typeof meaning.statistic === 'number'
        ? [latencyFigure(meaning.of, meaning.statistic, read.value, null, '')]
        : [];
    default:
      return [];
  }
}

const plainCell = (cell: string): string => cell.replaceAll(/[*`]/g, '').trim();
const numberIn = (cell: string): number | undefined => (/^\d[\d,]*(?:\.\d+)?$/.test(cell) ? Number(cell.replaceAll(',', '')) : undefined);

/** A table whose first column is what was varied, and another a throughput; undefined for any other. */
function variedInTable({ header, rows }: Grid): Varied | undefined {
  const meanings = header.map(head => meaningOf(head));
  const [first, ...others] = meanings;
  if ((first !== undefined && first.role !== 'setting') || !others.some(m => m !== undefined && THROUGHPUT.includes(m.quantity)))
    return undefined;
  const by = new Map<string, (readonly RunFigure[])[]>();
  for (const { cells } of rows) {
    const value = plainCell(cells[0] ?? '');
    const figures = cells.flatMap((cell, i) => (i === 0 ? [] : figureOf(cell, meanings[i])));
    if (value !== '' && figures.length > 0) by.set(value, [...(by.get(value) ?? []), figures]);
  }
  const areNumbers = [...by.keys()].every(value => numberIn(value) !== undefined);
  const settings: Setting[] = [...by].map(([value, runs]) => ({ value, number: areNumbers ? numberIn(value) : undefined, runs }));
  const over = first?.quantity === 'requested_rate' ? 'rate' : plainCell(header[0] ?? '').toLowerCase();
  if (settings.length < 2) return undefined;
  return {
    over: over === '' ? 'setting' : over,
    settings: areNumbers ? settings.toSorted((a, b) => (a.number ?? 0) - (b.number ?? 0)) : settings,
  };
}

/**
 * The sweep in a Markdown table.
 * @param wanted its number among the tables of sweeps in the file, from 1, where there are several
 * @throws ForensicsError bad-record, bad-argument
 */
export function sweepInTable(file: string, text: string, wanted: number | undefined): Varied {
  const found = markdownBlocks(text).flatMap(block => {
    const varied = block.kind === 'table' ? variedInTable(block.grid) : undefined;
    return varied === undefined ? [] : [{ line: block.line, varied }];
  });
  if (found.length === 0) throw new ForensicsError('bad-record', `${file} holds no table of a sweep`, HINT);
  const one = found[(wanted ?? 1) - 1];
  if (one !== undefined && (wanted !== undefined || found.length === 1)) return one.varied;
  const listed = found.map(({ line, varied }, i) => `${i + 1} over ${varied.over} (line ${line})`).join(', ');
  throw new ForensicsError(
    'bad-argument',
    `${file} holds ${found.length} tables of sweeps: ${listed}`,
    'Name one with --table, as --table 1.',
  );
}
