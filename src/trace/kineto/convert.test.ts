import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { ForensicsError } from '#core/errors';
import { runs } from '#test/thorough';
import { TraceStore } from '#trace/nsys/trace-store';
import { convertKineto } from './convert.ts';
import { isKineto } from './sniff.ts';

const folder = mkdtempSync(join(tmpdir(), 'convert-kineto-'));
afterAll(() => rmSync(folder, { recursive: true }));
let made = 0;

interface Kernel {
  readonly start: number;
  readonly ns: number;
  readonly stream: number;
  readonly name: string;
}
const BASE = 1_790_857_026_000_000_000n;
const micros = (ns: number) => `${Math.floor(ns / 1000)}.${String(ns % 1000).padStart(3, '0')}`;
const kernelEvent = ({ start, ns, stream, name }: Kernel, correlation: number) =>
  `{"ph": "X", "cat": "kernel", "name": ${JSON.stringify(name)}, "pid": 0, "tid": ${stream}, "ts": ${micros(start)}, "dur": ${micros(ns)}, ` +
  `"args": {"device": 0, "context": 1, "stream": ${stream}, "correlation": ${correlation}, "grid": [1, 2, 3], "block": [4, 5, 6]}}`;
const callEvent = ({ start }: Kernel, correlation: number) =>
  `{"ph": "X", "cat": "cuda_runtime", "name": "cudaLaunchKernel", "pid": 4, "tid": 140129632796992, "ts": ${micros(start)}, "dur": 1, ` +
  `"args": {"correlation": ${correlation}}}`;
const documentOf = (events: readonly string[], extra = '') =>
  `{"schemaVersion": 1, "deviceProperties": [{"id": 0, "name": "NVIDIA H200", "numSms": 132}], "baseTimeNanoseconds": ${BASE}, ${extra}"traceEvents": [${events.join(',\n')}], "traceName": "x"}`;

async function reading<T>(json: string, ask: (store: TraceStore) => T): Promise<T> {
  const [file, to] = [join(folder, `${made}.json`), join(folder, `${made++}.sqlite`)];
  writeFileSync(file, json);
  convertKineto(file, to, 'run.json');
  const store = await TraceStore.open(to);
  try {
    return ask(store);
  } finally {
    store.close();
  }
}
const kernelsIn = (store: TraceStore) =>
  store.run(
    'SELECT start_ns + (SELECT epoch_s * 1000000000 + epoch_ns FROM session) - 1790857026000000000 AS start, end_ns - start_ns AS ns, stream_id AS stream, name, correlation_id, pid, grid_x, grid_yz, block FROM kernel ORDER BY correlation_id',
    1e6,
  ).rows;

const anyKernel: fc.Arbitrary<Kernel> = fc.record({
  start: fc.integer({ min: 0, max: 8e12 }),
  ns: fc.integer({ min: 0, max: 1e9 }),
  stream: fc.integer({ min: 0, max: 1000 }),
  name: fc.string({ minLength: 1, maxLength: 12, unit: fc.constantFrom(...'abcäß_"\\0') }),
});

test('what is read back is what was written, whatever it is', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyKernel, { minLength: 1, maxLength: 20 }), async kernels => {
      const events = kernels.flatMap((k, i) => [kernelEvent(k, i + 1), callEvent(k, i + 1)]);
      expect(await reading(documentOf(events), kernelsIn)).toEqual(
        kernels.map((k, i) => ({
          ...{ start: BigInt(k.start), ns: BigInt(k.ns), stream: BigInt(k.stream), name: k.name.split('"').join('"') },
          ...{ correlation_id: BigInt(i + 1), pid: 4n, grid_x: 1n, grid_yz: 6n, block: 120n },
        })),
      );
    }),
    runs(60, 6),
  );
});

test('what was changed in a byte is read as it says now, or refused in a sentence with the place', async () => {
  const json = documentOf(
    [1, 2, 3].flatMap(i => [
      kernelEvent({ start: i * 5000, ns: 1500, stream: 7, name: 'gemm' }, i),
      callEvent({ start: i * 5000, ns: 0, stream: 0, name: '' }, i),
    ]),
  );
  const damage = fc.tuple(fc.integer({ min: 0, max: json.length - 1 }), fc.constantFrom('', '"', '}', '{', ',', '9', '-', '\n', '\0', 'ß'));
  await fc.assert(
    fc.asyncProperty(damage, async ([at, by]) => {
      const changed = json.slice(0, at) + by + json.slice(at + 1);
      try {
        const rows = await reading(changed, s => s.run('SELECT count(*) AS n FROM kernel', 1).rows);
        expect(Number(rows[0]?.['n'])).toBeLessThanOrEqual(3);
      } catch (error) {
        expect(error).toBeInstanceOf(ForensicsError);
        expect((error as Error).message).toMatch(/^run\.json (is (cut off or )?damaged.* at byte \d+|holds)/);
      }
    }),
    runs(300, 30),
  );
});

describe('refused, each in one sentence', () => {
  const one = { start: 5000, ns: 1500, stream: 7, name: 'gemm' };
  test.each([
    [
      'cut off',
      documentOf([kernelEvent(one, 1)]).slice(0, 300),
      /^run.json is cut off or damaged at byte 300, after 0 whole events: it ends before its end$/,
    ],
    ['an event that is no JSON', documentOf([kernelEvent(one, 1), '{"ph": }']), /^run.json is damaged: event 2 at byte \d+ makes no sense/],
    [
      'a kernel without its stream',
      documentOf([kernelEvent(one, 1).replace('"stream": 7,', '')]),
      /event 1 at byte \d+ makes no sense \(stream: it is missing\)/,
    ],
    [
      'a number that no double holds',
      documentOf([kernelEvent(one, 1).replace('"stream": 7,', '"stream": 1e400,')]),
      /makes no sense \(stream: it is larger than any number that can be held\)/,
    ],
    [
      'a moment that 63 bits do not hold',
      documentOf([kernelEvent(one, 1).replace(/"ts": [\d.]+/, `"ts": ${'9'.repeat(30)}`)]),
      /event 1 at byte \d+ makes no sense \(ts: /,
    ],
    ['half a process', documentOf([kernelEvent(one, 1).replace(/"pid": \d+/, '"pid": 1.5')]), /makes no sense \(pid: /],
    [
      'a base of the year 2255',
      documentOf([kernelEvent(one, 1)]).replace(/"baseTimeNanoseconds": \d+/, '"baseTimeNanoseconds": 9007199254740993000'),
      /the entry at byte \d+ makes no sense \(it lies after the year 2099\)/,
    ],
    ['of an AMD GPU', documentOf([kernelEvent(one, 1), callEvent(one, 1).replace('cudaLaunch', 'hipLaunch')]), /was recorded on AMD GPUs/],
    [
      'of two processes',
      documentOf([callEvent(one, 1), callEvent(one, 2).replace('"pid": 4', '"pid": 5')]),
      /holds CUDA calls of 2 processes/,
    ],
    ['without events', documentOf([]), /holds no event of PyTorch's profiler/],
  ])('%s', async (_, json, why) => await expect(reading(json, () => 0)).rejects.toThrow(why));
});

test('a clock that does not count from 1970 is no time of day', async () => {
  const json = documentOf([callEvent({ start: 5000, ns: 1, stream: 7, name: '' }, 1)]).replace(
    /"baseTimeNanoseconds": \d+/,
    '"baseTimeNanoseconds": 0',
  );
  expect(await reading(json, s => s.missing('session'))).toBe('the times of the trace do not count from 1970');
});
test('kernels of a graph, synchronisations and the events that they wait for are theirs', async () => {
  const sync = `{"ph": "X", "cat": "cuda_sync", "name": "Stream Wait Event", "pid": 0, "tid": 20, "ts": 9, "dur": 3, "args": {"wait_on_stream": 7, "wait_on_cuda_event_record_corr_id": 9, "wait_on_cuda_event_id": 1, "stream": 20, "correlation": 10, "device": 0, "context": 1}}`;
  const context = sync.replace('Stream Wait Event', 'Context Sync').replace(/"wait.*"stream": 20/, '"stream": 4294967295');
  const node = kernelEvent({ start: 1, ns: 2, stream: 7, name: 'gemm' }, 3).replace('"device"', '"graph node id": 5, "device"');
  const [kernels, syncs, records] = await reading(
    documentOf([node, sync, sync, context, callEvent({ start: 0, ns: 0, stream: 0, name: '' }, 9)]),
    s =>
      [
        'SELECT graph_node_id FROM kernel',
        'SELECT sync_type, stream_id, event_sync_id FROM sync ORDER BY sync_type',
        'SELECT stream_id, correlation_id, event_sync_id FROM event_record',
      ].map(q => s.run(q, 9).rows),
  );
  expect(kernels).toEqual([{ graph_node_id: 5n }]);
  expect(syncs).toEqual([
    { sync_type: 2n, stream_id: 20n, event_sync_id: 9n },
    { sync_type: 2n, stream_id: 20n, event_sync_id: 9n },
    { sync_type: 4n, stream_id: -1n, event_sync_id: null },
  ]);
  expect(records).toEqual([{ stream_id: 7n, correlation_id: 9n, event_sync_id: 9n }]);
});

test.each([
  ['{"schemaVersion": 1, "deviceProperties": [', true],
  ['{"distributedInfo": {"rank": 0}, "traceEvents": [', true],
  ['{"traceEvents": [{"ph": "X", "cat": "Kernel",', true],
  ['{"displayTimeUnit": "ms", "traceEvents": [{"name": "process_name"', false],
  ['[{"ph": "X", "cat": "cpu_op"', false],
  ['{"schemaVersion": 1}', false],
  ['id,ts', false],
])('%s is one: %s', (head, is) => expect(isKineto(head)).toBe(is));
