import { describe, expect, test } from 'vitest';
import type { FactRow } from '#schema/relation';
import type { Snapshot } from '#schema/snapshot';
import { driftOf } from './drift.ts';

type Told = Readonly<Record<string, FactRow['value']>>;

const snapshot = (told: Told, xids: Snapshot['xids'] = null): Snapshot => ({
  schema: 'forensics.snapshot/1',
  tool: { name: 'forensics', version: '0' },
  taken_ns: null,
  sources: [],
  facts: Object.entries(told).map(([key, value]) => {
    const [entity = '', name = ''] = key.split('|');
    return { entity, name, value, unit: '' };
  }),
  xids,
  fits: [],
  missing: [],
  notes: [],
});

/** A machine of four boards, each with two links, and all else that is compared. */
const HEALTHY: Told = {
  'machine|driver_version': '580.95.05',
  'machine|attached_gpus': 4,
  ...Object.fromEntries(
    [0, 1, 2, 3].flatMap(gpu => [
      [`GPU ${gpu}|product_name`, 'NVIDIA H200'],
      [`GPU ${gpu}|uuid_hash`, `board${gpu}`],
      [`GPU ${gpu}|ecc_errors.volatile.dram_uncorrectable`, 0],
      [`GPU ${gpu}|ecc_errors.volatile.dram_correctable`, 7],
      [`GPU ${gpu}|remapped_rows.remapped_row_pending`, false],
      [`GPU ${gpu}|gpu_power_readings.current_power_limit`, 700],
      [`GPU ${gpu}|gpu_power_readings.average_power_draw`, 106.5],
      [`GPU ${gpu}|temperature.gpu_temp`, 35],
      [`GPU ${gpu}|pci.pci_gpu_link_info.link_widths.current_link_width`, 16],
      [`GPU ${gpu}|pci.pci_gpu_link_info.pcie_gen.current_link_gen`, 5],
      [`GPU ${gpu}|clocks_event_reasons.clocks_event_reason_gpu_idle`, true],
      [`GPU ${gpu}|clocks_event_reasons_counters.clocks_event_reasons_counters_hw_therm_slowdown`, 0],
      [`GPU ${gpu}|max_clocks.sm_clock`, 1980],
      [`GPU ${gpu}|ecc_mode.current_ecc`, 'Enabled'],
      [`GPU ${gpu}|mig_mode.current_mig`, 'Disabled'],
      [`GPU ${gpu}|persistence_mode`, 'Enabled'],
      [`GPU ${gpu}|fabric.state`, 'Completed'],
      [`GPU ${gpu}|cpu_affinity`, '0-31'],
      ...[0, 1].flatMap(link => [
        [`GPU ${gpu} link ${link}|active`, true],
        [`GPU ${gpu} link ${link}|speed`, 26.562],
        [`GPU ${gpu} link ${link}|crc_errors`, 3],
      ]),
    ]),
  ),
  'GPU 0-GPU 1|link': 'NV18',
  'GPU 2-GPU 3|link': 'NV18',
  'host|kernel': '6.8.0',
  'host|threads': 64,
  'software|torch': '2.9.0+cu128',
  'environment|NCCL_DEBUG': 'WARN',
  'container|memory_max': 1000,
  'git|commit': 'aaaa',
};
const without = (told: Told, ...keys: readonly string[]): Told =>
  Object.fromEntries(Object.entries(told).filter(([k]) => !keys.includes(k)));
const changesTo = (now: Told) => driftOf(snapshot(HEALTHY), snapshot(now)).changes;
const inShort = (now: Told) => changesTo(now).map(c => [c.kind, c.severity, c.entity, c.before, c.now]);

test('equal snapshots have no changes, and what is another at each moment is none', () => {
  expect(driftOf(snapshot(HEALTHY), snapshot(HEALTHY))).toEqual({ changes: [], notCompared: [] });
  const busy = {
    ...HEALTHY,
    'GPU 0|temperature.gpu_temp': 71,
    'GPU 0|gpu_power_readings.average_power_draw': 655,
    'GPU 0|pci.pci_gpu_link_info.pcie_gen.current_link_gen': 1,
    'GPU 0|clocks_event_reasons.clocks_event_reason_gpu_idle': false,
  };
  expect(changesTo(busy)).toEqual([]);
});

describe('each kind of change is found, with how grave it is', () => {
  const WIDTH = 'pci.pci_gpu_link_info.link_widths.current_link_width';
  const THERMAL = 'clocks_event_reasons_counters.clocks_event_reasons_counters_hw_therm_slowdown';
  test.each<[string, Told, unknown[]]>([
    ['a link is inactive', { ...HEALTHY, 'GPU 1 link 0|active': false }, ['fewer-links', 'high', 'GPU 1', 2, 1]],
    ['a link is slower', { ...HEALTHY, 'GPU 1 link 0|speed': 13.281 }, ['link-speed', 'high', 'GPU 1', 26.562, 13.281]],
    ['a pair goes over PCIe', { ...HEALTHY, 'GPU 0-GPU 1|link': 'PHB' }, ['way', 'high', 'GPU 0-GPU 1', 'NV18', 'PHB']],
    ['links count errors', { ...HEALTHY, 'GPU 1 link 0|crc_errors': 9 }, ['link-errors', 'high', 'GPU 1 link 0', 3, 9]],
    ['memory was not mended', { ...HEALTHY, 'GPU 2|ecc_errors.volatile.dram_uncorrectable': 1 }, ['memory-errors', 'high', 'GPU 2', 0, 1]],
    ['memory was mended', { ...HEALTHY, 'GPU 2|ecc_errors.volatile.dram_correctable': 8 }, ['memory-errors', 'low', 'GPU 2', 7, 8]],
    ['a row waits', { ...HEALTHY, 'GPU 2|remapped_rows.remapped_row_pending': true }, ['memory-state', 'high', 'GPU 2', false, true]],
    ['a GPU is lost', { ...HEALTHY, 'GPU 2|error': 'GPU is lost' }, ['lost', 'high', 'GPU 2', null, 'GPU is lost']],
    ['a reset is asked for', { ...HEALTHY, 'GPU 2|gpu_recovery_action': 'Reset' }, ['recovery', 'high', 'GPU 2', null, 'Reset']],
    ['ECC is off', { ...HEALTHY, 'GPU 2|ecc_mode.current_ecc': 'Disabled' }, ['ecc-mode', 'high', 'GPU 2', 'Enabled', 'Disabled']],
    ['MIG is on', { ...HEALTHY, 'GPU 2|mig_mode.current_mig': 'Enabled' }, ['mig', 'high', 'GPU 2', 'Disabled', 'Enabled']],
    ['the fabric is not up', { ...HEALTHY, 'GPU 2|fabric.state': 'In Progress' }, ['fabric', 'high', 'GPU 2', 'Completed', 'In Progress']],
    ['fewer lanes', { ...HEALTHY, [`GPU 2|${WIDTH}`]: 8 }, ['pcie-width', 'high', 'GPU 2', 16, 8]],
    [
      'the driver changed',
      { ...HEALTHY, 'machine|driver_version': '580.105.08' },
      ['driver', 'medium', 'machine', '580.95.05', '580.105.08'],
    ],
    ['PyTorch changed', { ...HEALTHY, 'software|torch': '2.8.0' }, ['version', 'medium', 'software', '2.9.0+cu128', '2.8.0']],
    ['less power', { ...HEALTHY, 'GPU 3|gpu_power_readings.current_power_limit': 500 }, ['power-limit', 'medium', 'GPU 3', 700, 500]],
    ['more power', { ...HEALTHY, 'GPU 3|gpu_power_readings.current_power_limit': 750 }, ['power-limit', 'low', 'GPU 3', 700, 750]],
    ['lower clocks', { ...HEALTHY, 'GPU 3|max_clocks.sm_clock': 1755 }, ['clock-limit', 'medium', 'GPU 3', 1980, 1755]],
    ['held by heat', { ...HEALTHY, [`GPU 3|${THERMAL}`]: 5_000_000 }, ['thermal-slowdown', 'medium', 'GPU 3', 0, 5_000_000]],
    ['no persistence', { ...HEALTHY, 'GPU 3|persistence_mode': 'Disabled' }, ['persistence', 'low', 'GPU 3', 'Enabled', 'Disabled']],
    ['other processors', { ...HEALTHY, 'GPU 3|cpu_affinity': '32-63' }, ['affinity', 'medium', 'GPU 3', '0-31', '32-63']],
    ['a variable is new', { ...HEALTHY, 'environment|NCCL_P2P_DISABLE': '1' }, ['variable', 'medium', 'environment', null, '1']],
    ['a variable is gone', without(HEALTHY, 'environment|NCCL_DEBUG'), ['variable', 'medium', 'environment', 'WARN', null]],
    ['less memory', { ...HEALTHY, 'container|memory_max': 500 }, ['container-limit', 'medium', 'container', 1000, 500]],
    [
      'no limit of memory',
      { ...without(HEALTHY, 'container|memory_max'), 'container|cgroup': 'v2' },
      ['container-limit', 'info', 'container', 1000, null],
    ],
    ['another commit', { ...HEALTHY, 'git|commit': 'bbbb' }, ['commit', 'info', 'git', 'aaaa', 'bbbb']],
  ])('%s', (_, now, expected) => expect(inShort(now)).toEqual([expected]));

  test('several at once, the worst first', () =>
    expect(
      inShort({ ...HEALTHY, 'GPU 3|persistence_mode': 'Disabled', 'machine|driver_version': '590', 'GPU 1 link 0|active': false }).map(
        c => c[0],
      ),
    ).toEqual(['fewer-links', 'driver', 'persistence']));
  test('what is as it should be again is no harm', () => {
    const now = snapshot(HEALTHY);
    const [change] = driftOf(snapshot({ ...HEALTHY, 'GPU 2|error': 'GPU is lost' }), now).changes;
    expect(change).toMatchObject({ kind: 'lost', severity: 'low', now: null });
    expect(driftOf(snapshot({ ...HEALTHY, 'GPU 2|fabric.state': 'In Progress' }), now).changes).toMatchObject([{ severity: 'low' }]);
  });
});

describe('counters', () => {
  const key = 'GPU 2|ecc_errors.volatile.dram_uncorrectable';
  test('one that fell to nothing began anew, and counts nothing since', () =>
    expect(driftOf(snapshot({ ...HEALTHY, [key]: 4 }), snapshot({ ...HEALTHY, [key]: 0 })).changes).toEqual([]));
  test('one that fell and counts again is told', () =>
    expect(driftOf(snapshot({ ...HEALTHY, [key]: 4 }), snapshot({ ...HEALTHY, [key]: 1 })).changes).toMatchObject([
      { kind: 'memory-errors', before: 4, now: 1 },
    ]));
});

describe('boards', () => {
  const renumber = (told: Told, from: number, to: number): Told =>
    Object.fromEntries(Object.entries(told).map(([k, v]) => [k.replaceAll(`GPU ${from}`, `GPU ${to}`), v]));
  const only = (...gpus: readonly number[]): Told =>
    Object.fromEntries(Object.entries(HEALTHY).filter(([k]) => [...k.matchAll(/GPU (\d+)/g)].every(m => gpus.includes(Number(m[1])))));

  test('a lost one moves the numbers behind it: each is compared with itself', () => {
    const three = { ...renumber(renumber(only(0, 2, 3), 2, 1), 3, 2), 'machine|attached_gpus': 3 };
    expect(inShort(three)).toEqual([
      ['gpu-gone', 'high', 'GPU 1', 1, null],
      ['gpu-count', 'high', 'machine', 4, 3],
      ['renumbered', 'low', 'GPU 1', 2, 1],
      ['renumbered', 'low', 'GPU 2', 3, 2],
    ]);
  });
  test('another one at the same place is told, and its counters are not compared', () => {
    const now = { ...HEALTHY, 'GPU 2|uuid_hash': 'other', 'GPU 2|ecc_errors.volatile.dram_correctable': 90 };
    expect(inShort(now)).toEqual([['board-replaced', 'medium', 'GPU 2', 2, 2]]);
  });
  test('one more is no harm', () => {
    const before = snapshot(only(0, 1, 2));
    expect(driftOf(before, snapshot(only(0, 1, 2, 3))).changes).toMatchObject([{ kind: 'gpu-added', severity: 'low', entity: 'GPU 3' }]);
  });
});

describe('what only one of two tells', () => {
  test('is not compared, and that is said', () => {
    const noLinks = Object.fromEntries(Object.entries(HEALTHY).filter(([k]) => !/ link \d/.test(k)));
    expect(driftOf(snapshot(HEALTHY), snapshot(noLinks))).toEqual({
      changes: [],
      notCompared: [
        { scope: 'links', toldBy: 'before' },
        { scope: 'link-counters', toldBy: 'before' },
      ],
    });
  });
  test('a variable is gone only where all variables are known', () => {
    const log = { 'NCCL|ranks': 2, 'environment|NCCL_DEBUG': 'INFO' };
    const now = driftOf(snapshot({ ...HEALTHY, 'NCCL|ranks': 2, 'environment|CUDA_VISIBLE_DEVICES': '0' }), snapshot(log));
    expect(now.changes.map(c => c.name)).toEqual(['NCCL_DEBUG']);
    expect(driftOf(snapshot(log), snapshot({ 'NCCL|ranks': 2 })).changes).toMatchObject([{ kind: 'variable', now: null }]);
  });
  test('a counter that a driver does not have yet is no change', () =>
    expect(changesTo({ ...HEALTHY, 'GPU 0|ecc_errors.volatile.sram_correctable': 3 })).toEqual([]));
});

describe('errors of the kernel', () => {
  const xid = (ns: string | null, code = 79) => ({ ns, pci: '0000:9b:00', xid: code });
  test('those that are new are told, each kind once', () => {
    const { changes } = driftOf(snapshot(HEALTHY, [xid('1')]), snapshot(HEALTHY, [xid('1'), xid('2'), xid('3'), xid('4', 48)]));
    expect(changes.map(c => [c.kind, c.name, c.now])).toEqual([
      ['xid', 'Xid 79', 2],
      ['xid', 'Xid 48', 1],
    ]);
  });
  test('a log that was not read tells nothing', () =>
    expect(driftOf(snapshot(HEALTHY), snapshot(HEALTHY, [xid('1')])).changes).toEqual([]));
});
