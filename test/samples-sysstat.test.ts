import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import iostatJson from '#input/formats/iostat-json/importer';
import iostatText from '#input/formats/iostat-text/importer';
import mpstatJson from '#input/formats/mpstat-json/importer';
import pidstat from '#input/formats/pidstat/importer';
import psiLog from '#input/formats/psi-log/importer';
import sadfCsv from '#input/formats/sadf-csv/importer';
import sadfJson from '#input/formats/sadf-json/importer';
import vmstat from '#input/formats/vmstat/importer';
import type { HostSampleRow, HostSeries } from '#schema/relation';
import { SHARED, sayWhatIsMissing } from './shared-files.ts';

/** Real outputs, all of one stretch of time on one machine. Expected sums are by awk and by Python's json over the files. */
const SAMPLES = resolve(SHARED, 'samples/sysstat');
sayWhatIsMissing('real output of host tools was', SAMPLES);
const read = (name: string) => readFileSync(resolve(SAMPLES, name), 'utf8');
const at = (hour: number, minute: number, second: number) => BigInt(Date.UTC(2026, 10, 22, hour, minute, second)) * 1_000_000n;
const last = ({ rows }: HostSeries): HostSampleRow | undefined => rows.at(-1);

describe.skipIf(!existsSync(SAMPLES))('real outputs of host tools', () => {
  test('iostat -o JSON', () => {
    const series = iostatJson.parse(read('iostat_x_json_12.6.1.json'), 'iostat');
    expect(series).toMatchObject({ origin_ns: at(1, 30, 22), clock: { kind: 'zoneless' }, warnings: [] });
    expect(series.rows).toHaveLength(10);
    expect(last(series)).toMatchObject({ t_ms: 9000, disk_reads: 112125, cpu_user_ticks: 263.18, disk_io_ms: 7196 });
    expect(last(series)?.disk_read_sectors).toBeCloseTo(14645493.76, 2);
    expect(last(series)?.disk_read_ms).toBeCloseTo(53273.33, 2);
  });

  test('iostat as text: the first report is since the boot, and counts for nothing', () => {
    const series = iostatText.parse(read('iostat_x_text_12.6.1.txt'), 'iostat');
    expect(series).toMatchObject({ origin_ns: at(1, 30, 21), warnings: [] });
    expect(series.rows).toHaveLength(6);
    expect(last(series)).toMatchObject({ t_ms: 5000, disk_reads: 40360, disk_io_ms: 2540 });
    expect(last(series)?.disk_read_sectors).toBeCloseTo(5163069.44, 2);
  });

  test('mpstat -o JSON', () => {
    const series = mpstatJson.parse(read('mpstat.json'), 'mpstat');
    expect(series.rows).toHaveLength(5);
    expect(last(series)).toMatchObject({
      t_ms: 4000,
      cpu_user_ticks: 23.6,
      cpu_system_ticks: 48.7,
      cpu_iowait_ticks: 8.16,
      cpu_idle_ticks: 718.48,
    });
  });

  test('sadf -j', () => {
    const series = sadfJson.parse(read('sadf_u_d_q_r.json'), 'sadf');
    expect(series).toMatchObject({ origin_ns: at(1, 30, 21), clock: { kind: 'epoch' }, warnings: [] });
    expect(series.rows).toHaveLength(13);
    expect(last(series)).toMatchObject({
      t_ms: 12000,
      cpu_user_ticks: 399.4,
      cpu_system_ticks: 329.2,
      cpu_iowait_ticks: 53.32,
      cpu_idle_ticks: 1618.02,
      disk_read_sectors: 18431272,
      psi_io_some_us: 407800,
      mem_available_kib: 23454364,
      procs_running: 3,
      procs_blocked: 0,
    });
  });

  test('sadf -d has the same sectors as sadf -j', () => {
    const series = sadfCsv.parse(read('sadf_d_disk.csv'), 'sadf');
    expect(series).toMatchObject({ origin_ns: at(1, 30, 21), clock: { kind: 'epoch' }, warnings: [] });
    expect(last(series)).toMatchObject({ t_ms: 12000, disk_read_sectors: 18431272, disk_io_ms: 9120 });
  });

  test('vmstat -t', () => {
    const series = vmstat.parse(read('vmstat_t.txt'), 'vmstat');
    expect(series).toMatchObject({ origin_ns: at(1, 30, 21), clock: { kind: 'epoch' }, warnings: [] });
    expect(series.rows).toHaveLength(10);
    expect(last(series)).toMatchObject({
      t_ms: 9000,
      context_switches: 28796,
      disk_read_sectors: 12742696,
      cpu_user_ticks: 90,
      procs_running: 2,
    });
  });

  test('pidstat -udrh', () => {
    const series = pidstat.parse(read('pidstat_udrh.txt'), 'pidstat');
    expect(series).toMatchObject({ origin_ns: at(1, 30, 22), clock: { kind: 'zoneless' }, warnings: [] });
    const cpu = series.rows.filter(row => row.metric === '%CPU');
    expect(cpu).toHaveLength(36);
    expect(cpu.filter(row => row.entity === 'pid 16391 (pidstat)').map(row => [row.t_ms, row.value])).toEqual([
      [0, 0],
      [1000, 1],
      [2000, 0],
      [3000, 0],
      [4000, 1],
    ]);
    expect(cpu.filter(row => row.entity.includes('(fio')).reduce((sum, row) => sum + row.value, 0)).toBe(75);
  });

  test('pressure: the totals, which sar gives as averages, agree to 1 %', () => {
    const series = psiLog.parse(read('psi_cpu_memory_io.log'), 'psi');
    expect(series).toMatchObject({ clock: { kind: 'epoch' }, origin_ns: at(1, 30, 21) + 836_948_172n, warnings: [] });
    expect(series.rows).toHaveLength(12);
    expect(last(series)).toMatchObject({ t_ms: 11114.317803, psi_cpu_some_us: 60907077, psi_io_some_us: 10382276, psi_mem_some_us: 0 });
    const waited = 10382276 - (series.rows[0]?.psi_io_some_us ?? 0);
    expect(Math.abs(waited / 407800 - 1)).toBeLessThan(0.01);
  });
});
