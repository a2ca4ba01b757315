import { join } from 'node:path';
import { ForensicsError } from '#core/errors';
import { statsOf } from '#core/stats-of';
import { textIn } from '#core/text-in';
import { smallJson } from '#input/text/json-document';
import { validate } from '#input/text/validate';
import { knownFaults, Truth } from './truth.ts';

const HINT = 'See fixtures/README.md for its fields.';

/** The truth.json of a capture. @throws ForensicsError not-found, bad-record */
export function readTruth(folder: string): Truth {
  const file = join(folder, 'truth.json');
  const there = statsOf(folder);
  if (there === undefined) throw new ForensicsError('not-found', `${folder} does not exist`, 'Check the path.');
  if (!there.isDirectory()) throw new ForensicsError('bad-argument', `${folder} is a file, not a folder`, 'Name the folder of a capture.');
  const text = textIn(file);
  if (text === undefined)
    throw new ForensicsError('not-found', `${folder} has no truth.json`, 'Add one that lists the planted faults, or name another folder.');
  const truth = validate(Truth, smallJson(text, file, HINT), { source: file }, HINT);
  // A name that nobody knows is said before the analysis.
  knownFaults(truth, file);
  return truth;
}
