import { spansOf } from '#core/math/spans';
import type { DeviceWork } from '#multi-gpu/pipeline/devices';
import type { recognise } from '#multi-gpu/pipeline/recognise';
import type { splitIterations } from '#multi-gpu/pipeline/split-iterations';
import type { Transfer } from '#multi-gpu/pipeline/transfers';

export type Iteration = Parameters<typeof recognise>[0];
export type Operation = Iteration['operations'][number];
/** An operation before its place in the pipeline is known. */
export type Found = Parameters<typeof splitIterations>[0][number];

/** As `F0 0-10`, `B12.3 40-60`: kind, microbatch, stage where it is not that of the rank, start and end; `@` and when it was launched. */
const WRITTEN = /^([FBW])(\d+)(?:\.(\d+))? (\d+)-(\d+)(?:@(\d+))?$/;

function operation(text: string, rank: number, unit: number): Operation {
  const [, kind, microbatch, stage, start, end, launched] = WRITTEN.exec(text) ?? [];
  if (kind === undefined) throw new Error(`cannot read the operation ${text}`);
  const [from, to] = [Number(start) * unit, Number(end) * unit];
  return {
    kind: kind as Operation['kind'],
    microbatch: Number(microbatch),
    stage: stage === undefined ? rank : Number(stage),
    rank,
    start: from,
    end: to,
    work: spansOf([[from, to]]),
    launched: launched === undefined ? Number.NaN : Number(launched) * unit,
    source: 0,
    op: 0,
    late: [],
    streams: new Set([7]),
    phase: undefined,
  };
}

/** An iteration written down by hand, one line a rank: `F0 0-10, B0 40-60`. @param unit what a written number is, ns */
export function iterationOf(ranks: readonly string[], unit = 1): Iteration {
  const operations = ranks
    .flatMap((line, rank) => line.split(', ').map(text => operation(text, rank, unit)))
    .sort((a, b) => a.start - b.start);
  const stages = new Set(operations.map(o => o.stage)).size;
  return {
    label: undefined,
    p: ranks.length,
    m: new Set(operations.map(o => o.microbatch)).size,
    v: stages / ranks.length,
    devices: ranks.map((_, rank) => `0:${rank}`),
    operations,
  };
}

/** The order of one rank alone, each operation one ns long, as long as nothing depends on when it ran: `F0 F1 B0`. */
export const inOrder = (line: string): string =>
  line
    .split(' ')
    .map((o, i) => `${o} ${i}-${i + 1}`)
    .join(', ');

/** The GPUs of an iteration, busy with its operations and nothing else; `communication` by rank. */
export const devicesOf = (
  iteration: Iteration,
  communication: Readonly<Record<number, readonly (readonly [number, number])[]>> = {},
): ReadonlyMap<string, DeviceWork> =>
  new Map(
    iteration.devices.map((name, rank) => [
      name,
      {
        source: 0,
        device: rank,
        label: `GPU ${rank}`,
        compute: spansOf(iteration.operations.filter(o => o.rank === rank).map(o => [o.start, o.end] as const)),
        communication: spansOf(communication[rank] ?? []),
      },
    ]),
  );

/** A direct copy from one rank's GPU to another's. */
export function copy(from: number, to: number, start: number, end: number, more: Partial<Transfer> = {}): Transfer {
  const own = { start, end, source: 0, stream: 99, op: 0 };
  return {
    ...{ ...own, bytes: 1000, from: `0:${from}`, to: `0:${to}`, staged: false, sent: [start, end], received: [start, end] },
    ...{ id: `0:${start}`, launched: Number.NaN },
    copy: {
      ...{ form: 'direct', source: `GPU ${from}`, destination: `GPU ${to}`, sourceDevice: from, destinationDevice: to, bytes: 1000 },
      ...{ start, end, firstHopEnd: end, lastHopStart: start, process: 0, correlation: start, stream: 99, op: 0, lastOp: 0 },
      ...{ hiddenSource: undefined, hiddenDestination: undefined },
    },
    ...more,
  };
}

/** Work of one range before its place is known: kind, microbatch and so on, on a device, from and to. */
export function foundOf(kind: Found['kind'], microbatch: number, device: number, start: number, more: Partial<Found> = {}): Found {
  return {
    ...{ kind, microbatch, device, source: 0, stage: undefined, chunk: undefined, rank: undefined },
    work: spansOf([[start, start + 1]]),
    ...{ launched: Number.NaN, op: 0, late: [], iteration: undefined, streams: new Set([7]), phase: undefined },
    ...more,
  };
}
