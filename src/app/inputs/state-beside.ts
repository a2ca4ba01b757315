import { statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ForensicsError } from '#core/errors';
import { textIn } from '#core/text-in';
import { importers } from '#input/formats/index.gen';
import { recognise } from '#input/formats/recognise';
import type { XidError } from '#machine/machine-facts';
import { hostFacts } from '#machine/snapshot/host-facts';
import { machineFactsOf } from '#machine/snapshot/machine-facts-of';
import type { FactRow } from '#schema/relation';
import type { Report } from '#schema/report';
import { Snapshot } from '#schema/snapshot';
import type { System } from '#schema/system';
import { hashOf } from './text-file.ts';

/** The state of a machine, as files of ours in a folder tell it. */
export interface StateBeside {
  readonly facts: readonly FactRow[];
  readonly xids: readonly XidError[];
  readonly inputs: Report['inputs'];
}

const SNAPSHOT = 'snapshot.json';
/** Thousands of facts of sixteen GPUs take one. */
const LARGEST_SNAPSHOT = 16 * 2 ** 20;

function snapshotIn(file: string): Snapshot | undefined {
  try {
    return Snapshot.safeParse(JSON.parse(textIn(file, LARGEST_SNAPSHOT) ?? '')).data;
  } catch {
    return undefined;
  }
}

/** How GPUs are joined, as a text of nvidia-smi tells it; one that no importer reads tells nothing. */
function topologyFacts(text: string): readonly FactRow[] {
  try {
    const series = recognise(text, importers)?.parse(text, 'topology');
    return series?.kind === 'facts' ? series.rows : [];
  } catch (error) {
    if (error instanceof ForensicsError) return [];
    throw error;
  }
}

/** What the system.json of a capture tells, in the words of the importers. */
function systemFacts(system: System): FactRow[] {
  const gpu = (system.gpus ?? []).flatMap(({ index, name, fabric_state }) => [
    ...(name === null ? [] : [{ entity: `GPU ${index}`, name: 'product_name', value: name, unit: '' }]),
    ...(fabric_state === null ? [] : [{ entity: `GPU ${index}`, name: 'fabric.state', value: fabric_state, unit: '' }]),
  ]);
  const links = (system.nvlink ?? []).flatMap(({ gpu: index, active, inactive }) =>
    Array.from({ length: active + inactive }, (_, k) => ({
      entity: `GPU ${index} link ${k}`,
      name: 'active',
      value: k < active,
      unit: '',
    })),
  );
  return [...gpu, ...links, ...(system.topology === null ? [] : topologyFacts(system.topology)), ...hostFacts(system)];
}

/** What a capture says of the machine that it was made on: its snapshot, or what else it wrote down. One of another version tells nothing. */
export function stateBeside(folder: string, system: System | undefined): StateBeside {
  const file = join(folder, SNAPSHOT);
  const snapshot = snapshotIn(file);
  const facts = system === undefined ? [] : systemFacts(system);
  if (snapshot === undefined) return { facts, xids: [], inputs: [] };
  const told = machineFactsOf(snapshot);
  const input = { path: basename(file), kind: 'facts', format: snapshot.schema, sha256: hashOf(file), bytes: statSync(file).size } as const;
  return { facts: [...told.facts, ...facts], xids: told.xids, inputs: [input] };
}
