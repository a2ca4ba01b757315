import { basename } from 'node:path';
import { hashOf, textHeadOf, textOf } from '#app/inputs/text-file';
import { blankRun } from '#app/runs/read-run';
import { ForensicsError } from '#core/errors';
import type { Run } from '#schema/run';

/** A head line longer than this is no table of a history. */
const HEAD = 64 * 1024;
const TIME = /^(\d{4})[.-](\d\d?)[.-](\d\d?)(?:[ T](\d\d?):(\d\d)(?::(\d\d))?)?(?:\.\d+)?\s?(Z|[+-]\d\d:?\d\d)?$/;
const MS_PER_MINUTE = 60_000;
const HINT = 'A history as a table has a head line with time, perhaps commit, and a column of numbers for each metric.';

const cellsOf = (line: string): readonly string[] => line.split(',').map(cell => cell.trim());

/** Whether a file is a table of a history, as Apache Otava reads them: a column of times, and others of numbers. */
export function isHistoryTable(content: string): boolean {
  const [head = ''] = textHeadOf(content, HEAD)
    .replace(/^\ufeff/, '')
    .split(/\r?\n/, 1);
  const names = cellsOf(head).map(name => name.toLowerCase());
  return names.length > 1 && names.includes('time');
}

/** Epoch ns of a date with or without a time; without a zone it is UTC. undefined for what is none. */
function epochNs(text: string): string | undefined {
  const [, year, month, day, hour = '0', minute = '0', second = '0', zone = 'Z'] = TIME.exec(text) ?? [];
  if (year === undefined) return undefined;
  const utc = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
  const [, sign, hours, minutes] = /^([+-])(\d\d):?(\d\d)$/.exec(zone) ?? [];
  const offset = sign === undefined ? 0 : (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * MS_PER_MINUTE;
  return Number.isFinite(utc) ? `${BigInt(utc - offset) * 1_000_000n}` : undefined;
}

/**
 * The runs of a table, a row each. Nothing says which way its metrics are better.
 * @throws ForensicsError bad-record naming the line
 */
export function runsOfTable(file: string, content: string): readonly Run[] {
  const [head = '', ...lines] = [...textOf(content, file)]
    .join('')
    .replace(/^\ufeff/, '')
    .split(/\r?\n/);
  const names = cellsOf(head);
  const at = (name: string) => names.findIndex(n => n.toLowerCase() === name);
  const [time, commit] = [at('time'), at('commit')];
  const hash = hashOf(file);
  return lines.flatMap((line, i): readonly Run[] => {
    if (line.trim() === '') return [];
    const cells = cellsOf(line);
    const ns = epochNs(cells[time] ?? '');
    if (ns === undefined || cells.length !== names.length)
      throw new ForensicsError(
        'bad-record',
        `${basename(file)}, line ${i + 2}: ${ns === undefined ? 'its time is no date' : `it has ${cells.length} cells, not ${names.length}`}`,
        HINT,
      );
    const figures = names.flatMap((metric, column) => {
      const text = cells[column] ?? '';
      const value = Number(text);
      if (column === time || column === commit || text === '' || !Number.isFinite(value)) return [];
      return [{ metric, setting: '', unit: '', better: null, value, n: null }];
    });
    return [{ ...blankRun(`${file} line ${i + 2}`), inputs: [`${hash}#${i + 2}`], time_ns: ns, commit: cells[commit] ?? null, figures }];
  });
}
