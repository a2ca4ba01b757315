import { realAt } from '#core/columns';
import { getOrCompute } from '#core/get-or-compute';
import { complement, spansOf, upperBound } from '#core/math/spans';
import type { Ns } from '#core/units';
import type { Assumption, Carriers, FoundBy } from './assumptions.ts';
import { groupsOf, type LaunchGroup, REST_NS, spanOf } from './launch-groups.ts';
import type { NcclSend } from './nccl-sends.ts';
import type { FoundOperation } from './operation.ts';
import { operationsOf } from './operations-of-groups.ts';
import type { PipelineSource } from './source.ts';

/** Operations that were told from copies and launches alone. */
export interface InferredOperations {
  readonly by: FoundBy;
  readonly operations: readonly FoundOperation[];
  readonly assumed: readonly Assumption[];
}

/** Devices as the first microbatch passes through them: from the first copy's source, each to where it first sends. */
function chain(transfers: readonly NcclSend[]): string[] {
  const first = transfers[0];
  if (first === undefined) return [];
  const out = [first.from];
  for (let next = transfers.find(t => t.from === out.at(-1) && !out.includes(t.to)); next !== undefined; ) {
    out.push(next.to);
    const at = next.to;
    next = transfers.find(t => t.from === at && !out.includes(t.to));
  }
  return out;
}

/** Groups by the stretch that they lie in: stretches are parted by rests of all devices and copies. */
function byStretch(sources: readonly PipelineSource[], transfers: readonly NcclSend[]): ReadonlyMap<number, LaunchGroup[]> {
  const groups = sources.flatMap((source, s) => groupsOf(source, s, transfers).map(group => ({ group, work: spanOf(source, group) })));
  const stretches = new Map<number, LaunchGroup[]>();
  if (groups.length === 0) return stretches;
  const busy = spansOf([
    ...groups.map(({ work }) => [realAt(work.start, 0), realAt(work.end, work.n - 1)] as const),
    ...transfers.map(t => [t.start, t.end] as const),
  ]);
  const rests = complement(busy, realAt(busy.start, 0), realAt(busy.end, busy.n - 1));
  const cuts: Ns[] = [];
  for (let i = 0; i < rests.n; i++) if (realAt(rests.end, i) - realAt(rests.start, i) >= REST_NS) cuts.push(realAt(rests.end, i));
  for (const { group, work } of groups) {
    const stretch = upperBound(cuts, realAt(work.start, 0));
    getOrCompute(stretches, stretch, () => [] as LaunchGroup[]).push(group);
  }
  return stretches;
}

/**
 * Finds the operations of a pipeline that no name tells of: groups of kernels between the copies, or NCCL's sends, that carry their
 * results on.
 * What is sent to the next device was a forward, what is sent to the one before a backward. Undefined where no copies between devices
 * make a chain; no operations, and the reason, where they do but not of one stage a device.
 */
export function inferOperations(
  sources: readonly PipelineSource[],
  transfers: readonly NcclSend[],
  carriers: Carriers = 'copies',
): InferredOperations | undefined {
  const devices = chain(transfers);
  // One copy to another GPU and back is no pipeline.
  if (devices.length < 2 || !transfers.some(t => t.from === devices[1] && t.to === devices[0])) return undefined;
  const stretches = byStretch(sources, transfers);
  if (stretches.size === 0) return undefined;
  const found = [...stretches].map(([at, list]) => ({ at, operations: operationsOf(sources, list, devices) }));
  const good = found.flatMap(({ at, operations }) => (operations ?? []).map(o => ({ ...o, iteration: { label: undefined, number: at } })));
  const bad = found.filter(f => f.operations === undefined).length;
  return {
    by: { by: 'hand-offs', carriers, devices: devices.length, isFitting: good.length > 0 },
    operations: good.sort((a, b) => realAt(a.work.start, 0) - realAt(b.work.start, 0)),
    assumed: bad === 0 ? [] : [{ what: 'misfit-stretches', count: bad, of: found.length }],
  };
}
