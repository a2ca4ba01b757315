import { ForensicsError } from '#core/errors';
import { hostFacts } from '#machine/snapshot/host-facts';
import { nsysVersion } from '#record/nsys/installed';
import { askMachine } from '#record/probes/ask-machine';
import { EpochClock } from '#record/samplers/epoch-clock';
import { hostState } from '#record/samplers/snapshot/host-state';
import type { Missing, Snapshot } from '#schema/snapshot';
import type { HostState } from '#schema/system';
import { assemble } from './assemble.ts';
import { readAnswers } from './read-answers.ts';

/** Whose machine it is. */
export interface SnapshotRequest {
  /** Of this process, or of the workload: an allowed few of its variables are kept. Also for the programs that are asked. */
  readonly env: NodeJS.ProcessEnv;
  /** Whose git commit is told. */
  readonly cwd: string;
  /** What was already found out of the host, its nsys included. */
  readonly host?: HostState | undefined;
}

/** `no git commit: the folder is no git working tree` of system.json. */
const asMissing = (sentence: string): Missing => {
  const [, what = sentence, why = ''] = /^no (.+?): (.+)$/s.exec(sentence) ?? [];
  return { what, why };
};

/** The host, and which nsys it has. */
async function askHost({ env, cwd }: SnapshotRequest): Promise<{ readonly host: HostState; readonly missing: readonly Missing[] }> {
  try {
    const { version } = await nsysVersion(undefined, env);
    return { host: await hostState({ env, cwd, nsysVersion: version }), missing: [] };
  } catch (error) {
    if (!(error instanceof ForensicsError)) throw error;
    return { host: await hostState({ env, cwd }), missing: [{ what: 'version of nsys', why: error.message }] };
  }
}

/** The machine as it is now. Asks programs one after the other, some seconds in all: before a measurement, not during one. */
export async function takeSnapshot(request: SnapshotRequest, progress: (step: string) => void): Promise<Snapshot> {
  progress('asking the machine for its state');
  const answers = await askMachine(request.env);
  const { host, missing } = request.host === undefined ? await askHost(request) : { host: request.host, missing: [] };
  const { kernelLog, fabricManager, software } = answers;
  const gpus = readAnswers(answers.gpus);
  const xids = 'text' in kernelLog && kernelLog.text !== '' ? readAnswers([kernelLog]) : { read: [], missing: [] };
  return assemble({
    takenNs: new EpochClock().now(),
    read: [...gpus.read, ...xids.read],
    facts: [
      ...gpus.facts,
      ...('text' in fabricManager ? [{ entity: 'fabric manager', name: 'state', value: fabricManager.text, unit: '' }] : []),
      ...software.facts,
      ...hostFacts(host),
      ...answers.facts,
    ],
    kernelLog: 'text' in kernelLog,
    missing: [
      ...gpus.missing,
      ...xids.missing,
      ...[fabricManager, kernelLog].flatMap(t => ('why' in t ? [{ what: t.what, why: t.why }] : [])),
      ...missing,
      ...software.missing,
      ...host.missing.map(asMissing),
    ],
    notes: [],
  });
}
