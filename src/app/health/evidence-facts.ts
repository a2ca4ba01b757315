import { machineIn, NO_MACHINE } from '#app/inputs/machine-beside';
import { activityOf } from '#machine/activity-of';
import type { ExpectedGpus, MachineFacts } from '#machine/machine-facts';
import { merged } from '#machine/merged';
import { sampled } from '#machine/sampled';
import { machineFactsOf } from '#machine/snapshot/machine-facts-of';
import { testedFacts } from '#machine/tested';
import type { MeasurementRow } from '#schema/measurement';
import type { GpuSampleRow } from '#schema/relation';
import type { Evidence } from './gather.ts';

/** Results of tests of the machine. */
export const measuredIn = ({ files }: Evidence): MeasurementRow[] =>
  files.flatMap(({ series }) => (series.kind === 'measurements' ? series.rows : []));

function* samplesIn({ files }: Evidence): Generator<GpuSampleRow> {
  for (const { series } of files) if (series.kind === 'gpu') yield* series.rows;
}

/** What the files tell beside the snapshot, with it. */
export function factsOf(evidence: Evidence, expected: ExpectedGpus | undefined): MachineFacts {
  const { snapshot, folder } = evidence;
  const samples = sampled(samplesIn(evidence));
  const told = machineFactsOf(snapshot);
  const { machine } = folder === undefined ? NO_MACHINE : machineIn(folder);
  const facts = [...merged([...told.facts, ...machine.facts, ...samples.facts]), ...testedFacts(measuredIn(evidence))];
  const watched = { gpus: samples.activity, isUnderLoad: false, tokensPerS: undefined, expected: undefined };
  const activity = watched.gpus.length === 0 ? activityOf(facts) : watched;
  return { xids: [...told.xids, ...machine.xids], links: machine.links, facts, activity, expected };
}
