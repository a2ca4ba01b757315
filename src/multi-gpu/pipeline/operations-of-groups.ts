import { intAt, itemAt, valueAt } from '#core/columns';
import { keyOf, type LaunchGroup, spanOf } from './launch-groups.ts';
import type { FoundOperation } from './operation.ts';
import type { PipelineSource } from './source.ts';

/** Splits what ran as one group on the last device: there nothing is sent between a forward and its backward. */
function splitLast(
  group: LaunchGroup,
  shape: (g: LaunchGroup) => readonly number[],
  forward: readonly number[],
): [LaunchGroup, LaunchGroup] | undefined {
  const kernels = shape(group);
  if (forward.length === 0 || kernels.length <= forward.length || !forward.every((w, i) => w === kernels[i])) return undefined;
  return [
    { ...group, kernels: group.kernels.slice(0, forward.length), to: undefined },
    { ...group, kernels: group.kernels.slice(forward.length) },
  ];
}

/** Splits what ran as one group on the first device: there nothing is sent between a backward and the next forward. */
function splitFirst(
  group: LaunchGroup,
  shape: (g: LaunchGroup) => readonly number[],
  forward: readonly number[],
): [LaunchGroup, LaunchGroup] | undefined {
  const kernels = shape(group);
  const at = kernels.length - forward.length;
  if (forward.length === 0 || at <= 0 || !forward.every((w, i) => w === kernels[at + i])) return undefined;
  return [
    { ...group, kernels: group.kernels.slice(0, at), to: undefined },
    { ...group, kernels: group.kernels.slice(at) },
  ];
}

/** Operations of a stretch in which everything began and ended, or undefined where they do not make a chain of stages. */
export function operationsOf(
  sources: readonly PipelineSource[],
  groups: readonly LaunchGroup[],
  devices: readonly string[],
): FoundOperation[] | undefined {
  const last = devices.length - 1;
  const shape = (g: LaunchGroup) => g.kernels.map(i => intAt(sources[g.source]?.ops.work, i));
  const example = groups.find(g => keyOf(g) === devices[0] && g.to === devices[1]);
  const forward = example === undefined ? [] : shape(example);
  const out: FoundOperation[] = [];
  const balance = devices.map(() => ({ F: 0, B: 0 }));
  for (const g of groups) {
    const rank = devices.indexOf(keyOf(g));
    if (rank < 0) continue;
    const to = g.to === undefined ? undefined : devices.indexOf(g.to);
    const split =
      rank === last && to === last - 1 ? splitLast(g, shape, forward) : rank === 0 && to === 1 ? splitFirst(g, shape, forward) : undefined;
    const parts = split ?? [g];
    for (const part of parts) {
      const target = part.to === undefined ? undefined : devices.indexOf(part.to);
      const kind =
        target === rank + 1 || (rank === last && target === undefined)
          ? 'F'
          : target === rank - 1 || (rank === 0 && target === undefined)
            ? 'B'
            : undefined;
      const source = sources[g.source];
      const count = balance[rank];
      if (kind === undefined || source === undefined || count === undefined) return undefined;
      count[kind]++;
      out.push({
        kind,
        microbatch: undefined,
        stage: rank,
        chunk: undefined,
        rank,
        source: g.source,
        device: g.device,
        work: spanOf(source, part),
        launched: g.launched + source.clock.offset,
        op: valueAt(part.kernels, 0),
        late: [],
        iteration: undefined,
        streams: new Set(part.kernels.map(i => intAt(source.ops.stream, i))),
        phase: undefined,
      });
    }
  }
  // As many forwards as backwards on every device, and the same number on all: else the stages do not lie one a device.
  const m = itemAt(balance, 0).F;
  return m > 0 && balance.every(b => b.F === m && b.B === m) ? out : undefined;
}
