import { describe, expect, test } from 'vitest';
import { copyPairs } from './copy-pairs.ts';
import type { PeerCopy } from './peer-copy.ts';
import { totalStagingCost } from './staging-cost.ts';
import { linkBetween, pcieGbps } from './topology.ts';

const MIB = 2 ** 20;
const copy = (gbps: number, facts: Partial<PeerCopy> = {}): PeerCopy => {
  const bytes = facts.bytes ?? 64 * MIB;
  const end = bytes / gbps;
  return {
    form: 'direct',
    source: 'GPU 0',
    destination: 'GPU 1',
    sourceDevice: 0,
    destinationDevice: 1,
    bytes,
    start: 0,
    end,
    firstHopEnd: end,
    lastHopStart: 0,
    process: 0,
    correlation: 1,
    stream: 7,
    op: 0,
    lastOp: 0,
    hiddenSource: 0.5,
    hiddenDestination: 0,
    ...facts,
  };
};
const topo = (link: string) =>
  `\tGPU0\tGPU1\tCPU Affinity\nGPU0\t X \t${link}\t0-31\nGPU1\t${link}\t X \t0-31\n\nLegend:\n\n  X    = Self\n  NV#  = NVLinks`;
const links = { topology: topo('NV18'), nvlink: [{ gpu: 0, active: 18, inactive: 0, slowest_gb_s: 26.562 }] };

describe('the path', () => {
  test.each([
    [63, undefined, 'unknown'],
    [65, undefined, 'nvlink'],
    [20, { topology: topo('NV18') }, 'nvlink'],
    [20, { topology: topo('SYS') }, 'pcie'],
    [20, { topology: 'nothing to read' }, 'unknown'],
    [100, { gpus: [{ pcie_gen_max: 6, pcie_width_max: 16 }] }, 'unknown'],
    [130, { gpus: [{ pcie_gen_max: 6, pcie_width_max: 16 }] }, 'nvlink'],
    [40, { gpus: [{ pcie_gen_max: 4, pcie_width_max: 16 }] }, 'nvlink'],
  ] as const)('at %s GB/s', (gbps, known, path) => {
    const [pair] = copyPairs([copy(gbps)], known);
    expect(pair?.path).toBe(path);
    expect(pair?.basis).toMatchObject({ gbps: expect.closeTo(gbps, 9) });
  });
  test.each(['driver-staged', 'explicit-staged'] as const)('of a %s copy is staged, whatever its rate', form =>
    expect(copyPairs([copy(500, { form })])[0]?.path).toBe('staged'),
  );
});

test('pairs are counted by direction and form, the largest sum first', () => {
  const pairs = copyPairs([
    copy(300),
    copy(100),
    copy(25, { form: 'explicit-staged' }),
    copy(300, { source: 'GPU 1', destination: 'GPU 0', bytes: 8 * MIB }),
  ]);
  expect(pairs.map(p => [p.source, p.path, p.count])).toEqual([
    ['GPU 0', 'nvlink', 2],
    ['GPU 0', 'staged', 1],
    ['GPU 1', 'nvlink', 1],
  ]);
  expect(pairs[0]?.gbps).toBeCloseTo(200);
  for (const p of pairs) expect(p.hidden_share).toBeCloseTo(0.5);
});

test('small copies do not speak for the rate', () => expect(copyPairs([copy(1, { bytes: MIB - 1 })])[0]?.gbps).toBeNull());
test('a GPU that is not in the trace has no hidden share', () =>
  expect(copyPairs([copy(300, { hiddenSource: undefined })])[0]?.hidden_share).toBeNull());

describe('what staging lost', () => {
  const staged = copy(25, { form: 'explicit-staged' });
  const hop = staged.end * 0.6;
  const twoHops = { ...staged, firstHopEnd: hop, lastHopStart: hop };
  test('is nothing where nothing was staged', () => expect(totalStagingCost([copy(300)])).toBeUndefined());
  test('is measured against direct copies of the same size', () => {
    const cost = totalStagingCost([twoHops, copy(300), copy(50, { bytes: MIB })]);
    expect(cost?.ns).toBeCloseTo(staged.end - copy(300).end);
    expect(cost?.against).toEqual([{ by: 'same-size' }]);
  });
  test('else against the rate of the direct copies', () => {
    const cost = totalStagingCost([twoHops, copy(200, { bytes: 32 * MIB })]);
    expect(cost?.ns).toBeCloseTo(staged.end - (64 * MIB) / 200);
  });
  test('else against the links', () => {
    const cost = totalStagingCost([twoHops], links);
    expect(cost?.ns).toBeCloseTo(staged.end - (64 * MIB) / (0.8 * 18 * 26.562));
    expect(cost?.against).toEqual([{ by: 'link', link: 'NV18', gbps: expect.closeTo(0.8 * 18 * 26.562, 9) }]);
  });
  test('and else it is what one hop less would save', () => expect(totalStagingCost([twoHops])?.ns).toBeCloseTo(staged.end - hop));
});

test('the topology is read by name, and a machine without one says nothing', () => {
  expect(linkBetween(links.topology, 'GPU 0', 'GPU 1')).toBe('NV18');
  expect(linkBetween(links.topology, 'GPU 1', 'GPU 0')).toBe('NV18');
  expect(linkBetween(links.topology, 'GPU 0', 'GPU 0')).toBeUndefined();
  expect(linkBetween(links.topology, 'GPU 0', 'GPU 5')).toBeUndefined();
  expect(linkBetween(null, 'GPU 0', 'GPU 1')).toBeUndefined();
  expect(pcieGbps(undefined)).toBe(64);
});
