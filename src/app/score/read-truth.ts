import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { ForensicsError } from '#core/errors';
import { statsOf } from '#core/stats-of';
import { knownFaults, Truth } from './truth.ts';

/** The truth.json of a capture. @throws ForensicsError not-found, bad-record */
export function readTruth(folder: string): Truth {
  const file = join(folder, 'truth.json');
  const there = statsOf(folder);
  if (there === undefined) throw new ForensicsError('not-found', `${folder} does not exist`, 'Check the path.');
  if (!there.isDirectory()) throw new ForensicsError('bad-argument', `${folder} is a file, not a folder`, 'Name the folder of a capture.');
  if (!existsSync(file))
    throw new ForensicsError('not-found', `${folder} has no truth.json`, 'Add one that lists the planted faults, or name another folder.');
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    throw new ForensicsError('bad-record', `${file} is not valid JSON`, 'Fix the file.');
  }
  const truth = Truth.safeParse(json);
  if (!truth.success)
    throw new ForensicsError(
      'bad-record',
      `${file} is not as expected: ${z.prettifyError(truth.error).split('\n')[0]}`,
      'See fixtures/README.md for its fields.',
    );
  // A name that nobody knows is said before the analysis.
  knownFaults(truth.data, file);
  return truth.data;
}
