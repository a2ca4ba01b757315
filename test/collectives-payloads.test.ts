import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import { detectors } from '#diagnosis/causes/index.gen';
import { analyzeCollectives } from '#multi-gpu/collectives/analyze-collectives';
import { type CallOf, readNcclCalls } from '#multi-gpu/ranks/nccl-calls';
import { wordCollectives } from '#report/build/parallel/collectives';
import { Collectives } from '#schema/collectives';
import { readGpuOps } from '#trace/events/gpu-ops';
import { readHostCalls } from '#trace/events/host-calls';
import { TraceStore } from '#trace/nsys/trace-store';
import { ownClock } from '#trace/opened-trace';
import { buildTrace, type SyntheticRange, type TraceDescription } from './synthetic-trace.ts';

const FOLDER = mkdtempSync(join(tmpdir(), 'payloads '));
afterAll(() => rmSync(FOLDER, { recursive: true, force: true }));
let made = 0;

/** As NCCL numbers its schemas: from 2^24 on. */
const [REDUCE, GATHER, SEND, RECEIVE, OTHER] = [2 ** 24 + 5, 2 ** 24 + 3, 2 ** 24 + 9, 2 ** 24 + 10, 77];
const FIELDS: NonNullable<TraceDescription['payloadFields']> = [
  { schema: REDUCE, name: 'NCCL communicator ID', type: 18 },
  { schema: REDUCE, name: 'Message size [bytes]', type: 22, offset: 8 },
  { schema: REDUCE, name: 'Reduction operation', type: 2 ** 24 + 11, offset: 16 },
  { schema: GATHER, name: 'NCCL communicator ID', type: 18 },
  { schema: GATHER, name: 'Message size [bytes]', type: 22, offset: 8 },
  ...[SEND, RECEIVE].flatMap(schema => [
    { schema, name: 'NCCL communicator ID', type: 18 },
    { schema, name: 'Message size [bytes]', type: 22, offset: 8 },
    { schema, name: 'Peer rank', type: 5, offset: 16 },
  ]),
  { schema: OTHER, name: 'layer', type: 18 },
];

/** Header and fields, each a number of 64 bits, the lowest byte first. */
function packed(schema: number, fields: readonly bigint[]): Uint8Array {
  const size = 8 * fields.length;
  const out = new DataView(new ArrayBuffer(32 + size));
  for (const [i, value] of [1n, BigInt(schema), BigInt(size), BigInt(32 + size), ...fields].entries()) out.setBigUint64(8 * i, value, true);
  return new Uint8Array(out.buffer);
}

const MIB = 2 ** 20;
/** Beyond 2^63, and alike in their lower halves: all 64 bits count. */
const COMMUNICATORS = [0xfedc_ba98_8000_00ffn, 0x0edc_ba98_8000_00ffn] as const;
const STEPS = 60;

type Form = (team: number) => Partial<SyntheticRange>;
const asBytes: Form = team => ({
  payload: packed(team === 0 ? REDUCE : GATHER, [COMMUNICATORS[team] ?? 0n, BigInt(team === 0 ? 4 * MIB : MIB), 0n]),
});
const asJson: Form = team => ({
  json: JSON.stringify({
    'NCCL communicator ID': `${COMMUNICATORS[team]}`.replace(/\B(?=(\d{3})+$)/g, ','),
    'Message size [bytes]': team === 0 ? 4 * MIB : MIB,
  }),
});

/** Four ranks in two teams; all leave within two microseconds, so only the communicator tells the teams apart. */
function describeRun(form: Form, over: { unjoined?: number; alike?: boolean } = {}): TraceDescription {
  const kernels: NonNullable<TraceDescription['kernels']>[number][] = [];
  const apiCalls: NonNullable<TraceDescription['apiCalls']>[number][] = [];
  const nvtx: SyntheticRange[] = [];
  for (let step = 0; step < STEPS; step++)
    for (let rank = 0; rank < 4; rank++) {
      const [pid, tid, correlation] = [100 + rank, 200 + rank, step + 1];
      const at = 1_000_000 + step * 200_000;
      const name = `ncclDevKernel_${rank < 2 || over.alike ? 'AllReduce_Sum_f32' : 'AllGather'}_RING_LL`;
      const team = rank < 2 ? 0 : 1;
      kernels.push({ pid, correlation, name, start: at + 10_000 * rank, end: at + 100_000 + 500 * rank, stream: 7 });
      apiCalls.push({ pid, tid, correlation, name: 'cudaLaunchKernel', start: at - 8_000, end: at - 6_000 });
      const inside = step >= (over.unjoined ?? 0);
      nvtx.push({
        pid,
        tid,
        name: team === 0 ? 'ncclAllReduce' : 'ncclAllGather',
        start: at - (inside ? 9_000 : 20_000),
        end: at - (inside ? 5_000 : 15_000),
        ...form(team),
      });
    }
  // Ranges of the program itself: with a payload of another schema, with one that is cut short, and with JSON of other things.
  nvtx.push({ pid: 100, tid: 200, name: 'layer', start: 0, end: 9e8, payload: packed(OTHER, [7n]) });
  nvtx.push({ pid: 100, tid: 200, name: 'cut', start: 1, end: 9e8, payload: packed(REDUCE, [COMMUNICATORS[0]]).subarray(0, 36) });
  nvtx.push({ pid: 100, tid: 200, name: 'json', start: 2, end: 9e8, json: '{"layer": 3}' });
  nvtx.push({ pid: 100, tid: 200, name: 'no json', start: 3, end: 9e8, json: 'NCCL communicator ID: 5' });
  return {
    version: '3.25.0',
    epochNs: 1_795_311_786_057_865_023n,
    processes: [100, 101, 102, 103].map(pid => ({ pid })),
    kernels,
    apiCalls,
    nvtx,
    payloadFields: FIELDS,
  };
}

async function read(description: TraceDescription) {
  const path = join(FOLDER, `trace-${++made}.sqlite`);
  buildTrace(path, description);
  const store = await TraceStore.open(path);
  onTestFinished(() => store.close());
  const [ops, host] = [readGpuOps(store), readHostCalls(store)];
  const found = (callOf: CallOf | undefined) => {
    const facts = analyzeCollectives([{ name: path, ops, host, clock: ownClock(0n), callOf }], { detectors });
    if (facts === undefined) throw new Error('no collectives were found');
    return Collectives.parse(wordCollectives(facts));
  };
  return { store, ops, found, callOf: readNcclCalls(store, ops, host) };
}

describe.each([
  ['bytes', asBytes],
  ['JSON', asJson],
] as const)('payloads as %s', (_, form) => {
  test('each kernel is joined to the call that launched it', async () => {
    const { ops, callOf } = await read(describeRun(form));
    const calls = Array.from({ length: ops.n }, (_, i) => callOf?.(i));
    const teamOf = (i: number) => ((ops.process[i] ?? 0) < 2 ? 0 : 1);
    const ids = [0, 1].map(team => new Set(calls.flatMap((c, i) => (teamOf(i) === team ? (c?.communicator ?? 'none') : []))));
    expect(ids.map(s => s.size)).toEqual([1, 1]);
    expect(ids[0]).not.toEqual(ids[1]);
    expect(calls.every((c, i) => c?.bytes === (teamOf(i) === 0 ? 4 * MIB : MIB))).toBe(true);
  });

  test('communicators that run the same kernels side by side are matched apart', async () => {
    const { found, callOf } = await read(describeRun(form, { alike: true }));
    expect(found(callOf).ops).toBe(2 * STEPS);
    // By order and ends alone all four ranks are one.
    expect(found(undefined).ops).toBe(STEPS);
  });

  test('bytes give the bandwidth of the algorithm', async () => {
    const { found, callOf } = await read(describeRun(form));
    const c = found(callOf);
    expect(c.matched_by).toContain('communicator (NCCL');
    expect(c.cannot_tell.join()).not.toContain('Bytes');
    // Ranks 1 and 3 enter last: 90.5 and 71.5 µs. An all-gather of two ranks moves two parts.
    const byName = new Map(c.kinds.map(k => [k.name, k]));
    expect(byName.get('AllReduce Sum f32')).toMatchObject({ count: STEPS, bytes: STEPS * 4 * MIB });
    expect(byName.get('AllReduce Sum f32')?.algorithm_gbps).toBeCloseTo((4 * MIB) / 90_500, 3);
    expect(byName.get('AllGather')).toMatchObject({ count: STEPS, bytes: STEPS * MIB });
    expect(byName.get('AllGather')?.algorithm_gbps).toBeCloseTo((2 * MIB) / 71_500, 3);
  });
});

test('kernels that no call covers keep their order, and their bytes are said to be unknown', async () => {
  const { found, callOf } = await read(describeRun(asBytes, { unjoined: 10 }));
  const c = found(callOf);
  expect(c.ops).toBe(2 * STEPS);
  expect(c.matched_by).toContain('communicator for 200 of 240 kernels');
  expect(c.cannot_tell.join()).toContain('Bytes of 40 NCCL kernels');
  expect(c.kinds.map(k => [k.bytes, k.algorithm_gbps])).toEqual([
    [null, null],
    [null, null],
  ]);
});

test('a trace without payloads says so', async () => {
  const { found, callOf } = await read(describeRun(() => ({})));
  expect(callOf).toBeUndefined();
  const c = found(callOf);
  expect(c.matched_by).toContain('the export holds no NCCL payloads');
  expect(c.cannot_tell.join()).toContain('Bytes of a collective');
});

const SCHEMAS = { ncclAllReduce: REDUCE, ncclAllGather: GATHER, ncclSend: SEND, ncclRecv: RECEIVE } as const;
type Step = keyof typeof SCHEMAS | 'start' | 'end' | 'kernel';
interface Act {
  readonly step: Step;
  readonly mib?: number;
  readonly team?: number;
}
const [START, END, KERNEL]: Act[] = [{ step: 'start' }, { step: 'end' }, { step: 'kernel' }];
const act = (step: keyof typeof SCHEMAS, mib: number, team = 0): Act => ({ step, mib, team });

/** What one thread does, a microsecond apart; kernels are launched inside the call before them. */
function thread(acts: readonly Act[], pid = 100, from = 1_000_000, length = 50_000, kernel = 'ncclDevKernel_SendRecv') {
  const kernels: NonNullable<TraceDescription['kernels']>[number][] = [];
  const apiCalls: NonNullable<TraceDescription['apiCalls']>[number][] = [];
  const nvtx: SyntheticRange[] = [];
  let t = from;
  for (const [i, { step, mib = 0, team = 0 }] of acts.entries()) {
    if (step === 'kernel') {
      const correlation = from / 1000 + i;
      apiCalls.push({ pid, tid: 7, correlation, name: 'cuLaunchKernelEx', start: t - 700, end: t - 600 });
      kernels.push({ pid, correlation, name: kernel, start: from + 20_000, end: from + 20_000 + length, stream: 9 });
      continue;
    }
    const name = step === 'start' ? 'ncclGroupStart' : step === 'end' ? 'ncclGroupEnd' : step;
    const payload =
      step === 'start' || step === 'end' ? {} : { payload: packed(SCHEMAS[step], [COMMUNICATORS[team] ?? 0n, BigInt(mib * MIB), 0n]) };
    nvtx.push({ pid, tid: 7, registered: true, name, start: t, end: t + 900, ...payload });
    t += 1000;
  }
  return { kernels, apiCalls, nvtx };
}
function together(threads: readonly ReturnType<typeof thread>[]): TraceDescription {
  const all = <K extends 'kernels' | 'apiCalls' | 'nvtx'>(key: K) => threads.flatMap(x => x[key] as ReturnType<typeof thread>[K][number][]);
  return { ...describeRun(asBytes), kernels: all('kernels'), apiCalls: all('apiCalls'), nvtx: all('nvtx') };
}
/** Message of each kernel in MiB; undefined where no call is known to be behind it, NaN where its size is not. */
async function messages(...acts: readonly (readonly Act[])[]) {
  const { ops, callOf } = await read(together(acts.map((a, i) => thread(a, 100, 1_000_000 * (i + 1)))));
  return Array.from({ length: ops.n }, (_, i) => callOf?.(i)).map(c => c && c.bytes / MIB);
}
/** A call by itself, so that the trace holds a payload whatever the rest is. */
const ALONE = [act('ncclAllReduce', 1), KERNEL!];

describe('a kernel that the end of a group launched', () => {
  test.each<[string, number | undefined, Act[]]>([
    ['is that of its only call', 64, [START!, act('ncclSend', 64), END!, KERNEL!]],
    ['is launched by the outermost end', 64, [START!, START!, act('ncclRecv', 64), END!, END!, KERNEL!]],
    ['has the larger of what is sent and received', 9, [START!, act('ncclSend', 4), act('ncclRecv', 8), act('ncclSend', 5), END!, KERNEL!]],
    ['has the sum of its collectives', 7, [START!, act('ncclAllReduce', 4), act('ncclAllReduce', 3), END!, KERNEL!]],
    ['has no size where kinds are mixed', Number.NaN, [START!, act('ncclAllReduce', 4), act('ncclSend', 3), END!, KERNEL!]],
    ['is unknown with two communicators', undefined, [START!, act('ncclSend', 4, 0), act('ncclRecv', 4, 1), END!, KERNEL!]],
    ['is unknown in an end within another group', undefined, [START!, START!, act('ncclSend', 4), END!, KERNEL!, END!]],
    ['is unknown where the window began inside the group', undefined, [act('ncclSend', 4), END!, KERNEL!]],
    ['is unknown where it began inside the outer group', undefined, [START!, act('ncclSend', 4), END!, END!, KERNEL!]],
    ['is unknown without a call', undefined, [START!, END!, KERNEL!]],
    ['is unknown after the group, as in a CUDA graph', undefined, [START!, act('ncclSend', 4), END!, act('ncclRecv', 4), START!, KERNEL!]],
  ])('%s', async (_, expected, acts) => expect(await messages(ALONE, acts, ALONE)).toEqual([1, expected, 1]));

  test('is unknown where the group launched two', async () =>
    expect(await messages(ALONE, [START!, act('ncclSend', 4), END!, KERNEL!, KERNEL!])).toEqual([1, undefined, undefined]));
  test('is unknown where the window ended inside the group; those before it are known', async () =>
    expect(await messages([START!, act('ncclSend', 4), END!, KERNEL!], [START!, act('ncclSend', 4), KERNEL!, START!])).toEqual([4, 4]));
  test('is found again after a group that the window cut off', async () =>
    expect(await messages([act('ncclSend', 2), END!, END!, KERNEL!], [START!, START!, act('ncclSend', 4), END!, END!, KERNEL!])).toEqual([
      undefined,
      4,
    ]));
});

test('sends and receives in groups have bytes and a rate, and do not stand between the collectives of their communicator', async () => {
  // Four ranks of one communicator on one stream: 0 and 1 send twice as often as 2 and 3, then all reduce.
  const threads = Array.from({ length: STEPS }, (_, step) => step).flatMap(step =>
    [0, 1, 2, 3].flatMap(rank => {
      const pid = 100 + rank;
      const at = (part: number) => 1_000_000 + step * 600_000 + part * 150_000 + (rank > 1 ? 40_000 : 0);
      const send = [START!, START!, act(rank % 2 ? 'ncclRecv' : 'ncclSend', 4), END!, END!, KERNEL!];
      const parts = rank < 2 || step % 2 ? [0, 1] : [];
      const reduce = thread(
        [act('ncclAllReduce', 1), KERNEL!],
        pid,
        1_000_000 + step * 600_000 + 400_000,
        60_000 + 100 * rank,
        'ncclDevKernel_AllReduce_Sum_f32_RING_LL',
      );
      return [...parts.map(part => thread(send, pid, at(part), 80_000 + 300 * (rank % 2))), reduce];
    }),
  );
  const { found, callOf } = await read(together(threads));
  const c = found(callOf);
  expect(c.ops).toBe(STEPS);
  expect(c.point_to_point.ops).toBe(3 * STEPS);
  const [sends] = c.kinds.filter(k => k.point_to_point);
  expect(sends).toMatchObject({ count: 3 * STEPS, bytes: 3 * STEPS * 4 * MIB });
  expect(sends?.algorithm_gbps).toBeCloseTo((4 * MIB) / 80_000, 3);
});
