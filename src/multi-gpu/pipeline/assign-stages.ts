import { group, max, min } from 'd3-array';
import { deviceOf, endOf, type Found, startOf } from './assign-microbatches.ts';
import type { Assumed } from './assumptions.ts';
import type { Iteration, Operation } from './operation.ts';

/** Devices in the order in which the first microbatch passes through them. */
function orderDevices(operations: readonly Found[]): string[] {
  const first = min(operations, o => o.microbatch);
  const forwards = operations.filter(o => o.kind === 'F' && o.microbatch === first);
  const pool = forwards.length > 0 ? forwards : operations;
  const place = (o: Found) => o.stage ?? (o.chunk ?? 0) * 1e6 + (o.rank ?? 0);
  const known = pool.every(o => o.stage !== undefined || o.rank !== undefined);
  const ordered = [...pool].sort((a, b) => (known ? place(a) - place(b) : 0) || startOf(a) - startOf(b));
  return [...new Set([...ordered, ...operations].map(deviceOf))];
}

/** Drops devices that do the same operations as another one: replicas, or parts of one stage. */
function withoutReplicas(operations: readonly Found[], assumed: Assumed): Found[] {
  if (operations.some(o => o.stage === undefined)) return [...operations];
  const owner = new Map<string, string>();
  for (const o of operations) {
    const key = `${o.kind}:${o.microbatch}:${o.stage}`;
    if (!owner.has(key)) owner.set(key, deviceOf(o));
  }
  const kept = operations.filter(o => owner.get(`${o.kind}:${o.microbatch}:${o.stage}`) === deviceOf(o));
  if (kept.length < operations.length) assumed.set('replicas', { what: 'replicas' });
  return kept;
}

/** The operations of one iteration in their places: rank by rank, and stage by stage. */
export function assignStages(found: readonly Found[], assumed: Assumed): Iteration {
  const operations = withoutReplicas(found, assumed);
  const devices = orderDevices(operations);
  const rankOf = new Map(devices.map((d, r) => [d, r]));
  const p = devices.length;
  const chunks = 1 + (max(operations, o => o.chunk ?? 0) ?? 0);
  // With a second chunk on the last device first, the stages run down the devices and back up again: a V.
  const turn = operations.filter(o => o.kind === 'F' && o.chunk === 1)[0];
  const isV = chunks === 2 && p > 1 && turn !== undefined && rankOf.get(deviceOf(turn)) === p - 1;
  const stageOf = (o: Found) => {
    const rank = rankOf.get(deviceOf(o)) ?? Number.NaN;
    if (o.stage !== undefined) return o.stage;
    const chunk = o.chunk ?? 0;
    return isV && chunk === 1 ? 2 * p - 1 - rank : chunk * p + rank;
  };
  const out = operations.map(
    (o): Operation => ({
      kind: o.kind,
      microbatch: o.microbatch,
      stage: stageOf(o),
      rank: rankOf.get(deviceOf(o)) ?? Number.NaN,
      start: startOf(o),
      end: endOf(o),
      work: o.work,
      launched: o.launched,
      source: o.source,
      op: o.op,
      late: o.late,
      streams: o.streams,
      phase: o.phase,
    }),
  );
  const stagesOf = group(out, o => o.rank);
  return {
    label: found[0]?.iteration?.label,
    p,
    m: new Set(out.map(o => o.microbatch)).size,
    v: max(stagesOf.values(), list => new Set(list.map(o => o.stage)).size) ?? 1,
    devices,
    operations: out,
  };
}
