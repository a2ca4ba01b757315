import { basename } from 'node:path';
import { expanded } from '#app/inputs/expanded';
import { withScratch } from '#app/inputs/scratch';
import { headOf, textHeadOf, textOf } from '#app/inputs/text-file';
import { assertExists } from '#app/inputs/traces';
import { ForensicsError } from '#core/errors';
import type { Bytes } from '#core/units';
import { isFlightRecord, isPickledRecord, readFlightRecord } from '#input/flight-recorder/read-dump';
import { judgeFlight } from '#multi-gpu/flight-recorder/judge';
import { flightSentences } from '#report/build/flight-recorder';

/** Groups and their ranks may stand before the first call. */
const HEAD: Bytes = 64 * 2 ** 10;

const TO_JSON = `python3 -c "import json,pickle,sys; [json.dump(pickle.load(open(f,'rb')), open(f+'.json','w')) for f in sys.argv[1:]]"`;

function refusePickles(paths: readonly string[]): void {
  const [pickled] = paths.filter(path => isPickledRecord(headOf(path, HEAD)));
  if (pickled !== undefined)
    throw new ForensicsError(
      'unsupported',
      `${pickled} is a dump of PyTorch's flight recorder as a pickle, which can run a program as it is read`,
      `Where you trust it, run ${TO_JSON} ${pickled}, and name the .json files.`,
    );
}

/** Dumps of the flight recorder among files and folders; none where a path is something else. @throws ForensicsError not-found, unsupported */
export function flightRecordsAmong(paths: readonly string[]): readonly string[] {
  for (const path of paths) assertExists(path);
  const files = expanded(paths).map(({ path }) => path);
  refusePickles(files);
  return files.filter(path => isFlightRecord(textHeadOf(path, HEAD)));
}

/**
 * Says which collective a job hangs in, from the dumps of its ranks.
 * @returns sentences, the likeliest cause first
 * @throws ForensicsError bad-record, bad-argument
 */
export const examineFlight = (
  files: readonly string[],
  env: NodeJS.ProcessEnv,
  progress: (step: string) => void,
): Promise<readonly string[]> =>
  withScratch({ env, progress }, async scratch => {
    const records = await Promise.all(files.map(async file => readFlightRecord(textOf(await scratch.plain(file), file), basename(file))));
    const [twice] = records.filter(({ rank }, i) => records.findIndex(r => r.rank === rank) !== i);
    if (twice !== undefined)
      throw new ForensicsError('bad-argument', `two dumps are of rank ${twice.rank}`, 'Name one for each rank, of one hang.');
    return flightSentences(judgeFlight(records));
  });
