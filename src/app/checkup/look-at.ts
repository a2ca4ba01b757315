import { readSeries } from '#app/inputs/read-series';
import type { Surroundings } from '#app/inputs/scratch';
import { ForensicsError } from '#core/errors';
import type { AskedMachine } from '#record/checkup/asked';
import { containerLogs, type KeptOutput, stateOf } from '#record/checkup/outputs';
import type { FactRow } from '#schema/relation';

/** What the machine and the logs of its server say. */
export interface LookedAt {
  readonly facts: readonly FactRow[];
  /** Logs that were read. */
  readonly logs: number;
  /** Commands of the machine that did not answer. */
  readonly silent: readonly string[];
  /** Whether docker was asked for logs and did not answer. */
  readonly isDockerSilent: boolean;
}

export const NOTHING: LookedAt = { facts: [], logs: 0, silent: [], isDockerSilent: false };

/** The facts of a file; none where no format knows it, or it cannot be read. */
function factsOf(file: string): readonly FactRow[] {
  try {
    const read = readSeries(file);
    return read?.series.kind === 'facts' ? read.series.rows : [];
  } catch (error) {
    if (error instanceof ForensicsError) return [];
    throw error;
  }
}

/**
 * Asks a machine for its state and for the logs of its server.
 * @param named logs that the user has; no container is asked then
 * @param folder for the answers
 */
export async function lookAt(
  machine: AskedMachine,
  named: readonly string[],
  folder: string,
  { progress }: Surroundings,
): Promise<LookedAt> {
  progress('asking for the state of the machine');
  const { kept, missing } = await stateOf(machine, folder);
  const fetched = named.length > 0 ? [] : await containerLogs(machine, folder);
  const logs = [...named, ...(fetched ?? []).map((k: KeptOutput) => k.file)].map(factsOf).filter(facts => facts.length > 0);
  return {
    facts: [...kept.flatMap(k => factsOf(k.file)), ...logs.flat()],
    logs: logs.length,
    silent: missing.map(m => m.by),
    isDockerSilent: fetched === undefined,
  };
}
