import { existsSync } from 'node:fs';
import { readNamed } from '#app/inputs/named-files';
import { type Surroundings, withScratch } from '#app/inputs/scratch';
import { ForensicsError } from '#core/errors';
import type { AnySeries } from '#schema/relation';

/** A recorded load: when requests came, and how long they were. */
export interface Replay {
  /** Seconds from the first, ascending. */
  readonly offsets: number[];
  /** null where the file does not say. */
  readonly promptTokens: number[] | null;
  readonly outputTokens: number[] | null;
}

/**
 * Reads a request log in any format that is known here, by the intended starts where it has them.
 * @throws ForensicsError not-found, unknown-format, bad-record
 */
export const readReplay = (file: string, around: Surroundings): Promise<Replay> =>
  withScratch(around, async scratch => {
    if (!existsSync(file)) throw new ForensicsError('not-found', `${file} does not exist`, 'Check the path after trace:.');
    const [read] = await readNamed(file, 'requests', scratch);
    return replayOf(file, read?.series);
  });

function replayOf(file: string, series: AnySeries | undefined): Replay {
  if (series?.kind !== 'requests' || series.rows.length === 0)
    throw new ForensicsError('unknown-format', `${file} is no request log that is known here`, 'See docs/formats.md for those that are.');
  const rows = series.rows
    .flatMap(row => {
      const at: number | null = row.intended_ms ?? row.arrival_ms;
      return at === null ? [] : [{ ...row, at }];
    })
    .toSorted((a, b) => a.at - b.at);
  const [first] = rows;
  if (first === undefined)
    throw new ForensicsError('unknown-format', `${file} does not say when its requests came`, 'Replay a log that has their times.');
  const zero = first.at;
  const known = (field: 'prompt_tokens' | 'output_tokens') => {
    const values = rows
      .map(row => row[field])
      .filter(v => v !== null)
      .filter(v => v > 0);
    if (values.length === 0) return null;
    const middle = values.toSorted((a, b) => a - b)[values.length >> 1] ?? 1;
    // A request whose length is not known (it failed) is as long as the middle one.
    return rows.map(row => row[field] || middle);
  };
  return {
    offsets: rows.map(row => (row.at - zero) / 1000),
    promptTokens: known('prompt_tokens'),
    outputTokens: known('output_tokens'),
  };
}
