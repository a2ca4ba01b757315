import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runs } from '#test/thorough';
import { COPY_KIND, MEMORY_KIND } from '#trace/events/copy-kinds';
import type { CopyRow } from './copy-rows.ts';
import { directTransfers, driverStaged, explicitStaged } from './transfer.ts';

const MIB = 2 ** 20;
const US = 1000;

const row = (facts: Partial<CopyRow>): CopyRow => ({
  start: 0,
  end: 100 * US,
  device: 'GPU 0',
  stream: 7,
  correlation: 1,
  process: 0,
  bytes: 64 * MIB,
  kind: COPY_KIND.peer,
  sourceKind: MEMORY_KIND.device,
  destinationKind: MEMORY_KIND.device,
  source: '',
  destination: '',
  op: 0,
  ...facts,
});
const down = (start: number, facts: Partial<CopyRow> = {}) =>
  row({ kind: COPY_KIND.deviceToHost, destinationKind: MEMORY_KIND.pinned, start, end: start + 100 * US, ...facts });
const up = (start: number, facts: Partial<CopyRow> = {}) =>
  row({ kind: COPY_KIND.hostToDevice, sourceKind: MEMORY_KIND.pinned, device: 'GPU 1', start, end: start + 100 * US, ...facts });
const inOrder = (rows: readonly CopyRow[]) => rows.toSorted((a, b) => a.start - b.start);
/** n hand-offs, a download and an upload 20 µs after it. */
const chain = (n: number, facts: Partial<CopyRow> = {}) =>
  inOrder(Array.from({ length: n }, (_, k) => [down(k * 500 * US, facts), up(k * 500 * US + 120 * US, facts)]).flat());

test('a peer copy between two GPUs is direct; one inside a GPU is none', () => {
  const rows = [row({ source: 'GPU 0', destination: 'GPU 1' }), row({ source: 'GPU 1', destination: 'GPU 1' })];
  expect(directTransfers(rows)).toMatchObject([{ form: 'direct', source: 'GPU 0', destination: 'GPU 1' }]);
});

test('two rows of one call between device memories are one copy that the driver staged', () => {
  const hops = [
    row({ kind: COPY_KIND.deviceToHost, correlation: 5 }),
    row({ kind: COPY_KIND.hostToDevice, correlation: 5, device: 'GPU 1', start: 100 * US, end: 190 * US }),
  ];
  expect(driverStaged(hops)).toMatchObject([{ form: 'driver-staged', source: 'GPU 0', destination: 'GPU 1' }]);
});

test.each([
  ['other calls', { correlation: 6 }],
  ['other processes', { process: 1 }],
  ['host memory', { sourceKind: MEMORY_KIND.pinned }],
  ['the same GPU', { device: 'GPU 0' }],
])('rows of %s are none', (_, facts) => {
  const hops = [
    row({ kind: COPY_KIND.deviceToHost, correlation: 5 }),
    row({ kind: COPY_KIND.hostToDevice, correlation: 5, device: 'GPU 1', start: 100 * US, ...facts }),
  ];
  expect(driverStaged(hops)).toEqual([]);
});

test('downloads and uploads of one size, one after the other, are copies staged by hand', () => {
  const found = explicitStaged(chain(8));
  expect(found).toHaveLength(8);
  for (const t of found) expect(t).toMatchObject({ source: 'GPU 0', destination: 'GPU 1', form: 'explicit-staged' });
});

test('both directions and two buffers in flight are told apart', () => {
  const forth = Array.from({ length: 6 }, (_, k) => [down(k * 300 * US), up(k * 300 * US + 250 * US)]).flat();
  const back = Array.from({ length: 6 }, (_, k) => [
    down(k * 300 * US + 30 * US, { device: 'GPU 1' }),
    up(k * 300 * US + 280 * US, { device: 'GPU 0' }),
  ]).flat();
  const found = explicitStaged(inOrder([...forth, ...back]));
  expect(found.filter(t => t.source === 'GPU 0')).toHaveLength(6);
  expect(found.filter(t => t.source === 'GPU 1')).toHaveLength(6);
  for (const t of found) expect(t.source).not.toBe(t.destination);
});

test.each([2, 3])('%s pairs: three are a pattern, two are chance', n => expect(explicitStaged(chain(n))).toHaveLength(n < 3 ? 0 : n));
test.each([65_535, 65_536])('%s bytes: a result or a flag, and a buffer', bytes =>
  expect(explicitStaged(chain(5, { bytes }))).toHaveLength(bytes < 65_536 ? 0 : 5),
);

test('an upload that comes long after belongs to nothing', () => {
  const late = (gap: number) => inOrder(Array.from({ length: 5 }, (_, k) => [down(k * 1e7), up(k * 1e7 + 100 * US + gap)]).flat());
  expect(explicitStaged(late(0.9e6))).toHaveLength(5);
  expect(explicitStaged(late(1.1e6))).toEqual([]);
});

test('inputs and results of two GPUs that happen to be of one size are no hand-offs', () => {
  // Twenty results of GPU 0, of which four are followed by an input of GPU 1, among twenty of those.
  const results = Array.from({ length: 20 }, (_, k) => down(k * 1e7));
  const inputs = Array.from({ length: 20 }, (_, k) => up(k * 1e7 + (k < 4 ? 0.2e6 : 5e6)));
  expect(explicitStaged(inOrder([...results, ...inputs]))).toEqual([]);
});

test('memory of another kind, another process or another size breaks the chain', () => {
  const broken = (facts: Partial<CopyRow>) =>
    inOrder(Array.from({ length: 5 }, (_, k) => [down(k * 500 * US), up(k * 500 * US + 120 * US, facts)]).flat());
  for (const facts of [{ sourceKind: MEMORY_KIND.pageable }, { process: 1 }, { bytes: 32 * MIB }, { device: 'GPU 0' }])
    expect(explicitStaged(broken(facts))).toEqual([]);
});

test('no row is used twice, and every pair is a download that ended before an upload of as many bytes elsewhere', () => {
  const any = fc.record({
    start: fc.integer({ min: 0, max: 3000 }),
    length: fc.integer({ min: 1, max: 100 }),
    isDown: fc.boolean(),
    device: fc.integer({ min: 0, max: 2 }),
    size: fc.integer({ min: 1, max: 2 }),
  });
  fc.assert(
    fc.property(fc.array(any, { maxLength: 60 }), list => {
      const rows = inOrder(
        list.map(r =>
          (r.isDown ? down : up)(r.start * US, { end: (r.start + r.length) * US, device: `GPU ${r.device}`, bytes: r.size * MIB }),
        ),
      );
      const found = explicitStaged(rows);
      const used = found.flatMap(t => [...t.out, ...t.into]);
      expect(new Set(used).size).toBe(used.length);
      for (const t of found) {
        expect(t.out[0]?.end).toBeLessThanOrEqual(t.into[0]!.start);
        expect(t.out[0]?.bytes).toBe(t.into[0]?.bytes);
        expect(t.out[0]?.device).not.toBe(t.into[0]?.device);
      }
    }),
    runs(300),
  );
});
