import { hostFacts } from '#machine/snapshot/host-facts';
import { processLimits } from '#record/probes/ask-container';
import { dcgmRuns } from '#record/probes/ask-dcgm';
import { askFabricManager } from '#record/probes/ask-fabric-manager';
import { askGpuState } from '#record/probes/ask-gpus';
import { askKernelLog } from '#record/probes/ask-kernel-log';
import { askSoftware } from '#record/probes/ask-software';
import type { Told } from '#record/probes/told';
import { EpochClock } from '#record/samplers/epoch-clock';
import { hostState } from '#record/samplers/snapshot/host-state';
import type { FactRow } from '#schema/relation';
import type { Missing, Snapshot } from '#schema/snapshot';
import type { HostState } from '#schema/system';
import { assemble, type Parts } from './assemble.ts';
import { readTold } from './read-told.ts';

/** Whose machine it is. */
export interface SnapshotRequest {
  /** Of this process, or of the workload: an allowed few of its variables are kept. Also for the programs that are asked. */
  readonly env: NodeJS.ProcessEnv;
  /** Whose git commit is told. */
  readonly cwd: string;
  /** What was already found out of the host. */
  readonly host?: HostState | undefined;
  /** The nsys that was already asked; it is asked otherwise. */
  readonly nsysVersion?: string | null;
}

/** The state of confidential compute, which nvidia-smi tells in a line of its own: `CC status: OFF`. */
const CONFIDENTIAL = /^CC status: (\S+)$/m;

/** Answers, as far as importers know them. */
function readAnswers(answers: readonly Told[]): Pick<Parts, 'read' | 'missing' | 'facts'> {
  const read: Parts['read'][number][] = [];
  const missing: Missing[] = [];
  const facts: FactRow[] = [];
  for (const answer of answers) {
    const { what } = answer;
    if ('why' in answer) {
      missing.push({ what, why: answer.why });
      continue;
    }
    const confidential = CONFIDENTIAL.exec(answer.text)?.[1];
    if (confidential !== undefined) facts.push({ entity: 'machine', name: 'confidential_compute', value: confidential, unit: '' });
    else {
      const told = readTold(answer.text, what);
      if ('why' in told) missing.push({ what, why: told.why });
      else read.push({ source: { what, format: told.series.format, sha256: null }, series: told.series });
    }
  }
  return { read, missing, facts };
}

/** The machine as it is now. Asks programs one after the other, some seconds in all: before a measurement, not during one. */
export async function takeSnapshot(
  { env, cwd, host: known, nsysVersion }: SnapshotRequest,
  progress: (step: string) => void,
): Promise<Snapshot> {
  progress('asking nvidia-smi');
  const gpus = readAnswers(await askGpuState(env));
  progress('looking at the software and the host');
  const host = known ?? (await hostState({ env, cwd, ...(nsysVersion === undefined ? {} : { nsysVersion }) }));
  const software = await askSoftware(env);
  const fabric = await askFabricManager(env);
  const log = await askKernelLog(env);
  const xids = 'text' in log && log.text !== '' ? readAnswers([log]) : { read: [], missing: [], facts: [] };
  return assemble({
    takenNs: new EpochClock().now(),
    read: [...gpus.read, ...xids.read],
    facts: [
      ...gpus.facts,
      ...('text' in fabric ? [{ entity: 'fabric manager', name: 'state', value: fabric.text, unit: '' }] : []),
      ...software.facts,
      ...hostFacts(host),
      ...processLimits(),
      ...dcgmRuns(),
    ],
    kernelLog: 'text' in log,
    missing: [
      ...gpus.missing,
      ...xids.missing,
      ...[fabric, log].flatMap(t => ('why' in t ? [{ what: t.what, why: t.why }] : [])),
      ...software.missing,
      ...host.missing.map(asMissing),
    ],
    notes: [],
  });
}

/** `no git commit: the folder is no git working tree` of system.json. */
const asMissing = (sentence: string): Missing => {
  const [, what = sentence, why = ''] = /^no (.+?): (.+)$/s.exec(sentence) ?? [];
  return { what, why };
};
