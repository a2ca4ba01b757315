import { basename } from 'node:path';
import { caseBeside } from '#app/inputs/case-beside';
import { machineIn } from '#app/inputs/machine-beside';
import type { Case } from '#schema/case';
import type { Run } from '#schema/run';
import { analysed } from './analysed.ts';
import { seriesIn } from './folder.ts';
import { machineOf } from './machine.ts';
import { runsOfSeries } from './of-series.ts';
import { merged, type ReadRun } from './read-run.ts';
import type { RunReading } from './reading.ts';

const settingsOf = (own: Case | undefined): Run['settings'] =>
  own === undefined
    ? {}
    : { command: own.command.join(' '), 'load test': own.load?.command ?? '', recorded: `${own.preset}, nsys ${own.nsys.version}` };

/** The run that a folder holds. @throws ForensicsError bad-argument, bad-record, and what an analysis may throw */
export async function runOfFolder(folder: string, reading: RunReading): Promise<ReadRun> {
  const files = await seriesIn(folder, reading);
  const own = caseBeside(folder);
  const main = await analysed(folder, own, files, reading);
  const load = files.filter(file => basename(file.path) === 'load.json');
  const results = [...load, ...files.filter(file => !load.includes(file))].flatMap(file => runsOfSeries(folder, file));
  const { system } = machineIn(folder);
  const inputs = new Set([...main.run.inputs, ...results.flatMap(({ run }) => run.inputs)]);
  const e2e = results.find(result => result.e2e !== undefined)?.e2e;
  return {
    run: {
      ...main.run,
      inputs: [...inputs].sort(),
      time_ns: main.run.time_ns ?? results.flatMap(({ run }) => run.time_ns ?? [])[0] ?? null,
      ...(system === undefined ? {} : machineOf(system)),
      // The load test's own account comes first: it knows which requests were warm-up.
      figures: merged([...results.map(({ run }) => run.figures), main.run.figures]),
      settings: Object.assign({}, main.run.settings, settingsOf(own), ...results.map(({ run }) => run.settings)),
    },
    ...(e2e === undefined ? {} : { e2e }),
  };
}
