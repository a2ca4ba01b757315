import { percent } from '#core/format/numbers';
import type { Report } from '#schema/report';
import * as collective from '../parallel/collective-tables.ts';
import { first, type Listing } from '../parallel/listing.ts';
import * as tables from '../parallel/pipeline-tables.ts';
import { causeWords, phaseMarks, saidAbove, scheduleName } from '../parallel/wording.ts';
import { sentence } from '../wording.ts';
import { md, prose, table } from './text.ts';

export function listed({ caption, columns, rows }: Listing): string[] {
  if (rows.length === 0) return [];
  const numeric = columns.flatMap((column, i) => (column.numeric ? [i] : []));
  const cells = rows.map(row => row.map((cell, i) => (columns[i]?.cause ? causeWords(cell) : cell)));
  return [
    `${caption}:`,
    '',
    ...table(
      columns.map(c => c.head),
      cells,
      numeric,
    ),
  ];
}

const sentences = (title: string, lines: readonly string[]) =>
  lines.length === 0 ? [] : [`${title}:`, '', ...first(lines).map(line => `- ${md(line)}`), ''];

/** Empty where no pipeline ran. */
export function pipeline(report: Report): string[] {
  const { pipeline: seen } = report;
  if (seen === null) return [];
  const matrix = tables.copyMatrix(seen);
  return [
    ...(saidAbove(report, seen.answer) ? [] : prose(sentence(seen.answer))),
    md(sentence(seen.source)),
    '',
    ...listed(tables.schedules(seen)),
    ...listed(tables.bubbles(seen)),
    ...listed(tables.excess(seen)),
    ...listed(tables.launchCauses(seen)),
    ...seen.schedules.flatMap(s => sentences(`${md(scheduleName(s))} departs from the textbook’s order`, s.departures)),
    ...listed(tables.handoffs(seen)),
    ...listed(tables.phases(seen)),
    ...phaseMarks(seen).flatMap(line => [md(line), '']),
    ...listed(tables.whatIfs(seen)),
    ...(matrix === null ? [] : listed(matrix)),
    ...listed(tables.copies(seen)),
    ...(seen.nvlink_share === null ? [] : [`NVLink ran at ${percent(seen.nvlink_share)} of its peak, by the GPU metrics.`, '']),
    ...listed(tables.comparison(seen)),
    ...sentences('What could not be told of the pipeline', seen.cannot_tell),
  ];
}

/** Empty where no collective of several ranks was seen. */
export function collectives(report: Report): string[] {
  const { collectives: seen } = report;
  if (seen === null) return [];
  return [
    ...(saidAbove(report, seen.answer) ? [] : prose(sentence(seen.answer))),
    `${collective.sums(seen)} ${md(sentence(seen.matched_by))}`,
    '',
    ...(seen.late.length === 0 && seen.ops > 0 ? ['No rank was late by more than the noise.', ''] : listed(collective.lateRanks(seen))),
    ...listed(collective.worstWaits(seen)),
    ...listed(collective.perRank(seen)),
    ...listed(collective.kinds(seen)),
    ...listed(collective.skew(seen)),
    ...sentences('Settings that slow communication down', seen.environment),
    ...sentences('What could not be told of the collectives', seen.cannot_tell),
  ];
}
