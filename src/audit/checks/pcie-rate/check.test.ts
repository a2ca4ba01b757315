import { describe, expect, test } from 'vitest';
import { audit } from '#audit/audit';
import { statementsOfFacts } from '#audit/series/facts';
import { statementsOfSamples } from '#audit/series/samples';
import type { FactRow, SampleRow } from '#schema/relation';

const link = (generation: number, lanes: number, kbPerSecond: number, current = generation): FactRow[] =>
  [
    ['pci.pci_gpu_link_info.pcie_gen.max_link_gen', generation, ''],
    ['pci.pci_gpu_link_info.pcie_gen.current_link_gen', current, ''],
    ['pci.pci_gpu_link_info.link_widths.max_link_width', lanes, 'x'],
    ['pci.tx_util', kbPerSecond, 'KB/s'],
  ].map(([name, value, unit]) => ({ entity: 'GPU 0', name: String(name), value: value ?? '', unit: String(unit) }));
const found = (facts: FactRow[]) => audit(statementsOfFacts(facts, 'q.xml'));

describe('nvidia-smi -q -x', () => {
  // 15.75, 31.5, 63.0 and 121 GB/s for sixteen lanes, as PCI-SIG states them.
  test.each([
    [1, 16, 4],
    [2, 16, 8],
    [3, 16, 15.75],
    [4, 16, 31.5],
    [5, 16, 63],
    [6, 16, 121],
    [4, 8, 15.75],
  ])('generation %d with %d lanes carries %d GB/s one way, and not 15 %% more', (generation, lanes, peak) => {
    expect(found(link(generation, lanes, peak * 1e6))).toEqual([]);
    const [above] = found(link(generation, lanes, peak * 1.15e6));
    expect(above?.check).toBe('pcie-rate');
    expect(above!.computed.value / peak).toBeCloseTo(1, 2);
  });
  test('a link that sleeps in a lower generation may wake', () => expect(found(link(5, 16, 50e6, 1))).toEqual([]));
  test('a generation that is not known here bounds nothing', () => expect(found(link(9, 16, 9e9))).toEqual([]));
  test('the sentence holds the number as it was written', () =>
    expect(found(link(4, 16, 33_554_432 * 16))[0]?.sentence).toBe(
      'GPU 0, sent: 536.9 GB/s (536870912 KB/s) is more than the 31.51 GB/s that PCIe 4 with 16 lanes carries in one direction.',
    ));
});

describe('dcgm-exporter', () => {
  const scrape = (rate: number, unit: string, nature: SampleRow['nature']): SampleRow[] =>
    (
      [
        ['DCGM_FI_DEV_PCIE_LINK_GEN', 5, '', 'gauge'],
        ['DCGM_FI_DEV_PCIE_LINK_WIDTH', 16, '', 'gauge'],
        ['DCGM_FI_PROF_PCIE_RX_BYTES', rate, unit, nature],
      ] as const
    ).map(([metric, value, of, kind]) => ({ t_ms: 0, entity: 'GPU 3', metric, unit: of, value, nature: kind, window_ms: null }));
  const said = (...row: Parameters<typeof scrape>) => audit(statementsOfSamples(scrape(...row), 'm.prom')).map(c => c.sentence);
  test('bytes a second within the peak', () => expect(said(55e9, 'B/s', 'gauge')).toEqual([]));
  test('bytes a second beyond it', () =>
    expect(said(55e12, 'B/s', 'gauge')).toEqual([expect.stringMatching(/^GPU 3, received: 55,000 GB\/s/)]));
  test('a count since the start is no rate', () => expect(said(55e12, 'B/s', 'counter')).toEqual([]));
  test('a number without a unit is none either', () => expect(said(55e12, '', 'gauge')).toEqual([]));
});
