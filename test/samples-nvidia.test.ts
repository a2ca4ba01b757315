import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import dcgmExporter from '#input/formats/dcgm-exporter/importer';
import nvidiaSmiNvlink from '#input/formats/nvidia-smi-nvlink/importer';
import nvidiaSmiTopo from '#input/formats/nvidia-smi-topo/importer';
import nvidiaSmiXml from '#input/formats/nvidia-smi-xml/importer';
import xidLog from '#input/formats/xid-log/importer';
import type { FactSeries } from '#schema/relation';
import { SHARED, sayWhatIsMissing } from './shared-files.ts';

/** Real outputs of other people's machines and ours; not in the repository. Expected values are by hand, or by grep and awk over the files. */
const SAMPLES = resolve(SHARED, 'samples/nvidia');
sayWhatIsMissing("real output of NVIDIA's tools was", SAMPLES);
const read = (name: string) => readFileSync(resolve(SAMPLES, name), 'utf8');

describe.skipIf(!existsSync(SAMPLES))("real outputs of NVIDIA's tools", () => {
  describe('nvidia-smi -q -x', () => {
    const parsed = new Map<string, FactSeries>();
    const told = (file: string): FactSeries => {
      const series = parsed.get(file) ?? nvidiaSmiXml.parse(read(file), file);
      parsed.set(file, series);
      return series;
    };
    const value = (file: string, gpu: number, name: string) =>
      told(file).rows.find(row => row.entity === `GPU ${gpu}` && row.name === name)?.value;

    test.each([
      ['qx-b200.xml', 8, 1596.9],
      ['qx-h100.xml', 8, 548.4],
    ])('%s: %d idle GPUs draw %d W', (file, count, watts) => {
      const draws = told(file).rows.filter(row => row.name === 'gpu_power_readings.instant_power_draw');
      expect(draws).toHaveLength(count);
      expect(draws.every(row => row.unit === 'W')).toBe(true);
      expect(draws.reduce((sum, row) => sum + Number(row.value), 0)).toBeCloseTo(watts, 1);
    });

    test('readings of the GPU and of its memory are kept apart', () => {
      expect(value('h200x2-smi_q.xml', 0, 'gpu_power_readings.average_power_draw')).toBe(105.99);
      expect(value('h200x2-smi_q.xml', 0, 'gpu_memory_power_readings.average_power_draw')).toBe(44.05);
      expect(value('h200x2-smi_q.xml', 0, 'module_power_readings.average_power_draw')).toBeUndefined();
    });

    const SW_CAP = 'clocks_event_reasons_counters.clocks_event_reasons_counters_sw_power_cap';
    test('throttling', () => {
      expect(value('qx-gb200-throttle-counters.xml', 0, SW_CAP)).toBe(39595);
      expect(value('qx-gb200-throttle-counters.xml', 1, SW_CAP)).toBe(0);
      expect(value('qx-gb200-healthy.xml', 0, SW_CAP)).toBeUndefined();
    });
    test('a degraded fabric', () => {
      expect(value('qx-gb200-fabric-degraded.xml', 1, 'fabric.health.summary')).toBe('Unhealthy');
      expect(value('qx-gb200-fabric-degraded.xml', 1, 'fabric.health.route_unhealthy')).toBe(true);
      expect(value('qx-gb200-throttle-counters.xml', 1, 'fabric.health.summary')).toBe('Healthy');
    });
    test('injected memory errors', () => {
      expect(value('qx-gb200-ecc-injected.xml', 0, 'ecc_errors.volatile.dram_uncorrectable')).toBe(5);
      expect(value('qx-gb200-ecc-injected.xml', 0, 'ecc_errors.aggregate.dram_uncorrectable')).toBe(8);
      expect(value('qx-gb200-ecc-injected.xml', 0, 'remapped_rows.remapped_row_failure')).toBe(true);
      expect(value('qx-gb200-healthy.xml', 0, 'remapped_rows.remapped_row_failure')).toBe(false);
    });
    test('a lost GPU', () => {
      expect(value('qx-gb200-lost.xml', 1, 'error')).toBe('GPU is lost');
      expect(value('qx-gb200-lost.xml', 1, 'clocks.sm_clock')).toBeUndefined();
      expect(value('qx-gb200-lost.xml', 0, 'error')).toBeUndefined();
      expect(told('qx-gb200-lost.xml').warnings.join()).toContain('GPU 1');
    });

    test.each(['qx-a100.xml', 'qx-l40s.xml', 'qx-h100.xml', 'qx-b200.xml', 'h200x2-smi_q.xml'])('%s names no piece of hardware', file => {
      const text = JSON.stringify(told(file).rows);
      const secrets = [...read(file).matchAll(/<(?:serial|uuid|chassis_serial_number|clusterUuid)>([^<]*)</g)].map(match => match[1] ?? '');
      expect(secrets.length).toBeGreaterThan(0);
      for (const secret of secrets) if (secret !== 'N/A' && secret !== '') expect(text).not.toContain(`"${secret}"`);
    });
  });

  test('topo -m of two H200: 18 links, and a second table of peers', () => {
    const rows = nvidiaSmiTopo.parse(read('h200x2-topo.txt'), 'topo').rows;
    expect(rows.map(row => `${row.entity} ${row.name} ${row.value}`)).toEqual([
      'GPU 0-GPU 1 link NV18',
      'GPU 0-GPU 1 nvlinks 18',
      'GPU 0 cpu_affinity 0-31',
      'GPU 0 numa_affinity 0',
      'GPU 1 cpu_affinity 0-31',
      'GPU 1 numa_affinity 0',
      'GPU 0-GPU 1 peer_to_peer OK',
    ]);
  });

  test.each([
    ['h200x2-nvlink.txt', 36, 26.562],
    ['nvlink_status_8xA100.txt', 96, 25],
  ])('%s: %d links', (file, count, speed) => {
    const speeds = nvidiaSmiNvlink.parse(read(file), file).rows.filter(row => row.name === 'speed');
    expect(speeds).toHaveLength(count);
    expect(speeds.every(row => row.value === speed && row.unit === 'GB/s')).toBe(true);
  });

  test('dmesg with Xid 119', () => {
    const series = xidLog.parse(read('dmesg_xid_119.log'), 'dmesg');
    expect(series).toMatchObject({ clock: { kind: 'zoneless' }, origin_ns: BigInt(Date.UTC(2025, 1, 23, 16, 24, 18)) * 1_000_000n });
    expect(series.rows.map(row => [row.t_ms, row.entity, row.value])).toEqual(
      [0, 6000, 12000, 174000, 355000].map(t => [t, 'PCI 0000:9b:00', 119]),
    );
  });

  test("the exporter's list of counters is known, and refused as a configuration", () => {
    const list = read('dcgm_exporter_default_counters.csv');
    expect(dcgmExporter.sniff(list)).toBe(true);
    expect(() => dcgmExporter.parse(list, 'counters.csv')).toThrow('a configuration: it holds no data');
  });
});
