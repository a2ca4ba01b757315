import { max, min } from 'd3-array';
import type { Spans } from '#intervals/spans';
import { remembered } from '#model/remembered';
import type { OperationKind } from './grammar/meaning.ts';
import type { FoundOperation, LateLaunch } from './operations.ts';
import { withRestOfWeights } from './rest-of-weights.ts';

/** One operation in its place. Times in ns on the clock that all reports share. */
export interface Operation {
  readonly kind: OperationKind;
  readonly microbatch: number;
  /** Virtual stage, 0 to p·v − 1. */
  readonly stage: number;
  /** Position of its device in the pipeline, 0 to p − 1. */
  readonly rank: number;
  readonly start: number;
  readonly end: number;
  readonly work: Spans;
  /** When the launch of its first kernel began, NaN where unknown. */
  readonly launched: number;
  /** Index of its report, and its first kernel as GpuOps of that counts. */
  readonly source: number;
  readonly op: number;
  readonly late: readonly LateLaunch[];
  readonly streams: ReadonlySet<number>;
  /** What the program calls the phase that it belongs to, where it says. */
  readonly phase: FoundOperation['phase'];
}

/** One pass of all microbatches through the pipeline, forward and backward. */
export interface Iteration {
  /** What the program calls the schedule, where a range says. */
  readonly label: string | undefined;
  readonly p: number;
  readonly m: number;
  readonly v: number;
  /** The device of each rank, as `report:device`. */
  readonly devices: readonly string[];
  /** In order of start. */
  readonly operations: readonly Operation[];
}

export interface Iterations {
  readonly iterations: readonly Iteration[];
  /** What had to be assumed or left out, in sentences. */
  readonly notes: readonly string[];
}

type Found = FoundOperation & { readonly microbatch: number };

const startOf = (o: FoundOperation) => o.work.start[0] ?? 0;
const endOf = (o: FoundOperation) => o.work.end[o.work.n - 1] ?? 0;
const deviceOf = (o: FoundOperation) => `${o.source}:${o.device}`;

function group<K, T>(items: readonly T[], key: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) remembered(groups, key(item), () => [] as T[]).push(item);
  return groups;
}

/** Microbatches in one iteration, from a device whose names do not number them: forwards until every one had its backward. */
function countMicrobatches(sequences: readonly (readonly FoundOperation[])[]): number {
  // The first stage runs ahead the furthest, so that it is level only at the end of an iteration.
  const counts = sequences.map(sequence => {
    let ahead = 0;
    let forwards = 0;
    for (const o of sequence) {
      if (o.kind === 'F') {
        ahead++;
        forwards++;
      } else if (o.kind === 'B' && --ahead <= 0 && forwards > 0) return forwards;
    }
    return forwards;
  });
  return Math.max(1, ...counts);
}

/** Numbers what has no microbatch in its name by its order. */
function numbered(operations: readonly FoundOperation[], notes: Set<string>): Found[] {
  if (operations.every(o => o.microbatch !== undefined)) return operations as Found[];
  notes.add('The names do not number the microbatches: they were numbered in the order in which they ran.');
  const sequences = [...group(operations, deviceOf).values()];
  const m = countMicrobatches(sequences);
  return sequences.flatMap(sequence => {
    const next = new Map<string, number>();
    return sequence.map(o => {
      const key = `${o.kind}:${o.stage}:${o.chunk}`;
      const n = next.get(key) ?? 0;
      next.set(key, n + 1);
      return { ...o, microbatch: o.microbatch ?? n % m };
    });
  });
}

/** Cuts a device's operations where one comes a second time. */
function byRepetition(sequence: readonly Found[]): Found[][] {
  const parts: Found[][] = [];
  let seen = new Set<string>();
  for (const o of sequence) {
    const key = `${o.kind}:${o.microbatch}:${o.stage}:${o.chunk}`;
    if (parts.length === 0 || seen.has(key)) {
      parts.push([]);
      seen = new Set();
    }
    seen.add(key);
    parts.at(-1)?.push(o);
  }
  return parts;
}

const overlap = (a: readonly Found[], b: readonly Found[]) =>
  Math.min(max(a, endOf) ?? 0, max(b, endOf) ?? 0) - Math.max(min(a, startOf) ?? 0, min(b, startOf) ?? 0);

/** Iterations of all devices, put together where they overlap in time. */
function splitIterations(operations: readonly Found[]): Found[][] {
  const named = operations.every(o => o.iteration !== undefined);
  const groups = named ? [...group(operations, o => `${o.iteration?.label} ${o.iteration?.number}`).values()] : [operations];
  const iterations = groups.flatMap(g => {
    const devices = [...group(g, deviceOf).values()].map(byRepetition).sort((a, b) => b.length - a.length);
    const [reference = [], ...others] = devices;
    const out = reference.map(part => [...part]);
    for (const parts of others)
      for (const part of parts) {
        let best = -1;
        let most = Number.NEGATIVE_INFINITY;
        for (const [i, r] of reference.entries()) {
          const shared = overlap(part, r);
          if (shared > most) {
            most = shared;
            best = i;
          }
        }
        out[best]?.push(...part);
      }
    return out;
  });
  for (const i of iterations) i.sort((a, b) => startOf(a) - startOf(b));
  return iterations.sort((a, b) => startOf(a[0] as Found) - startOf(b[0] as Found));
}

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
function withoutReplicas(operations: readonly Found[], notes: Set<string>): Found[] {
  if (operations.some(o => o.stage === undefined)) return [...operations];
  const owner = new Map<string, string>();
  for (const o of operations) {
    const key = `${o.kind}:${o.microbatch}:${o.stage}`;
    if (!owner.has(key)) owner.set(key, deviceOf(o));
  }
  const kept = operations.filter(o => owner.get(`${o.kind}:${o.microbatch}:${o.stage}`) === deviceOf(o));
  if (kept.length < operations.length)
    notes.add('Several GPUs ran the same operations of the same stage (replicas, or a stage spread over GPUs): one of each was followed.');
  return kept;
}

function placed(found: readonly Found[], notes: Set<string>): Iteration {
  const operations = withoutReplicas(found, notes);
  const devices = orderDevices(operations);
  const rankOf = new Map(devices.map((d, r) => [d, r]));
  const p = devices.length;
  const chunks = 1 + (max(operations, o => o.chunk ?? 0) ?? 0);
  // With a second chunk on the last device first, the stages run down the devices and back up again: a V.
  const turn = operations.filter(o => o.kind === 'F' && o.chunk === 1)[0];
  const isV = chunks === 2 && p > 1 && turn !== undefined && rankOf.get(deviceOf(turn)) === p - 1;
  const stageOf = (o: Found) => {
    const rank = rankOf.get(deviceOf(o)) ?? 0;
    if (o.stage !== undefined) return o.stage;
    const chunk = o.chunk ?? 0;
    return isV && chunk === 1 ? 2 * p - 1 - rank : chunk * p + rank;
  };
  const out = operations.map(
    (o): Operation => ({
      kind: o.kind,
      microbatch: o.microbatch,
      stage: stageOf(o),
      rank: rankOf.get(deviceOf(o)) ?? 0,
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

/** Puts operations into iterations, and each into its place in the pipeline. */
export function splitAndPlace(operations: readonly FoundOperation[]): Iterations {
  const notes = new Set<string>();
  const each = withRestOfWeights(operations, notes);
  const iterations = splitIterations(numbered(each, notes)).map(i => placed(i, notes));
  // A recording that begins or ends in the middle of an iteration leaves a piece of one, which says nothing about its bubble.
  const fullest = max(iterations, i => i.operations.length) ?? 0;
  const same = (i: Iteration) => iterations.filter(j => j.label === i.label && j.p === i.p).map(j => j.operations.length);
  const whole = iterations.filter(i => i.operations.length >= (max(same(i)) ?? fullest) && i.operations.some(o => o.kind === 'F'));
  if (whole.length < iterations.length) notes.add(`${iterations.length - whole.length} incomplete iteration(s) were left out.`);
  return { iterations: whole, notes: [...notes] };
}
