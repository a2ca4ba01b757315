import { readSeries } from '#app/inputs/read-series';
import type { Surroundings } from '#app/inputs/scratch';
import { ForensicsError } from '#core/errors';
import type { AskedMachine } from '#record/checkup/asked';
import { serverContainers, stateOf } from '#record/checkup/outputs';
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
 * @param named logs that the user has, in place of those of containers
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
  const containers = await serverContainers(machine, folder);
  const files = named.length > 0 ? named : (containers ?? []).flatMap(c => c.log ?? []);
  const logs = files.map(factsOf).filter(facts => facts.length > 0);
  const variables = (containers ?? []).flatMap(c => Object.entries(c.environment));
  return {
    facts: [
      ...kept.flatMap(k => factsOf(k.file)),
      ...logs.flat(),
      ...variables.map(([name, value]): FactRow => ({ entity: 'environment', name, value, unit: '' })),
    ],
    logs: logs.length,
    silent: missing.map(m => m.by),
    isDockerSilent: named.length === 0 && containers === undefined,
  };
}
