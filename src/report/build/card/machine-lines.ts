import type { Card } from '#schema/card';
import type { CardDocuments } from './documents.ts';

/** What a reader of a card wants to know of the machine, by the entity and name that snapshots have for it. */
const FACTS: readonly (readonly [what: string, entity: string, name: string])[] = [
  ['Driver', 'machine', 'driver_version'],
  ['CUDA', 'machine', 'cuda_version'],
  ['NCCL', 'software', 'nccl'],
  ['PyTorch', 'software', 'torch'],
  ['vLLM', 'software', 'vllm'],
  ['nsys', 'software', 'nsys'],
  ['CPU', 'host', 'cpu_model'],
  ['Kernel', 'host', 'kernel'],
  ['Commit', 'git', 'commit'],
];

/** The machine in a few lines, by the first snapshot; empty without one. */
export function machineLines({ snapshots, healths, loads }: CardDocuments): Card['machine'] {
  const [snapshot] = snapshots;
  const [health] = healths;
  const [load] = loads;
  const gpus =
    health === undefined || health.data.machine.gpus === 0
      ? []
      : [{ what: 'GPUs', value: `${health.data.machine.gpus} × ${health.data.machine.model ?? 'GPU'}` }];
  const told = FACTS.flatMap(([what, entity, name]) => {
    const fact = snapshot?.data.facts.find(f => f.entity === entity && f.name === name);
    return fact === undefined ? [] : [{ what, value: String(fact.value) }];
  });
  const model = load?.data.model ?? null;
  return [...gpus, ...told, ...(model === null ? [] : [{ what: 'Model', value: model }])];
}
