import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import { analyzeCollectives } from '#collectives/analyze-collectives';
import { type CallOf, readNcclCalls } from '#collectives/nccl-calls';
import { detectors } from '#detectors/index.gen';
import { Collectives } from '#model/collectives';
import { TraceStore } from '#store/trace-store';
import { readGpuOps } from '#timeline/gpu-ops';
import { readHostCalls } from '#timeline/host-calls';
import { buildTrace, type SyntheticRange, type TraceDescription } from './synthetic-trace.ts';

const FOLDER = mkdtempSync(join(tmpdir(), 'payloads '));
afterAll(() => rmSync(FOLDER, { recursive: true, force: true }));
let made = 0;

/** As NCCL numbers its schemas: from 2^24 on. */
const [REDUCE, GATHER, OTHER] = [2 ** 24 + 5, 2 ** 24 + 3, 77];
const FIELDS: NonNullable<TraceDescription['payloadFields']> = [
  { schema: REDUCE, name: 'NCCL communicator ID', type: 18 },
  { schema: REDUCE, name: 'Message size [bytes]', type: 22, offset: 8 },
  { schema: REDUCE, name: 'Reduction operation', type: 2 ** 24 + 11, offset: 16 },
  { schema: GATHER, name: 'NCCL communicator ID', type: 18 },
  { schema: GATHER, name: 'Message size [bytes]', type: 22, offset: 8 },
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
  const found = (callOf: CallOf | undefined) =>
    Collectives.parse(analyzeCollectives([{ name: path, ops, host, session: 0n, callOf }], { detectors }));
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
