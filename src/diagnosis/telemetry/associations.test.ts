import { randomLcg, randomNormal } from 'd3-random';
import { describe, expect, test } from 'vitest';
import { NO_SPANS, spansOf } from '#core/math/spans';
import type { GpuSampleRow, HostSampleRow } from '#schema/relation';
import { associations } from './associations.ts';

const S = 1e9;
const WINDOW = [0, 20 * S] as const;
/** Six incidents of 0.4 s in 20 s. */
const AT = [2, 5.5, 8, 12.4, 15, 18];
const INCIDENTS = spansOf(AT.map(t => [t * S, (t + 0.4) * S] as const));
const inIncident = (t: number) => AT.some(at => t >= at * S && t < (at + 0.4) * S);

const normal = randomNormal.source(randomLcg(7))(0, 1);
const gpu = (clock: (t: number) => number, power: (t: number) => number) =>
  Array.from({ length: 201 }, (_, i) => i * 0.1 * S).map((t): GpuSampleRow & { t: number } => ({
    ...{ t, t_ms: t / 1e6, gpu: 0, name: null, power_w: power(t), power_limit_w: null, sm_clock_mhz: clock(t) },
    ...{ mem_clock_mhz: 3201, temperature_c: null, utilization_pct: null, memory_used_mib: null, event_reasons: null },
  }));
const NO_HOST: Omit<HostSampleRow, 't_ms'> = {
  ...{ cpu_user_ticks: null, cpu_system_ticks: null, cpu_idle_ticks: null, cpu_iowait_ticks: null, context_switches: null },
  ...{ procs_running: null, procs_blocked: null, disk_reads: null, disk_read_sectors: null, disk_read_ms: null, disk_writes: null },
  ...{ disk_write_sectors: null, disk_io_ms: null, major_faults: null, swap_in_pages: null, swap_out_pages: null },
  ...{ mem_available_kib: null, psi_io_some_us: null, psi_mem_some_us: null, psi_cpu_some_us: null },
};
/** Host samples every 100 ms of which one counter runs faster while `fast` holds. */
function host(fast: (t: number) => boolean) {
  let faults = 0;
  return Array.from({ length: 201 }, (_, i) => i * 0.1 * S).map((t): HostSampleRow & { t: number } => {
    faults += fast(t - 0.05 * S) ? 500 : 2;
    return { ...NO_HOST, t, t_ms: t / 1e6, major_faults: faults };
  });
}
const noisy = (base: number, drop: number) => (t: number) => base - (inIncident(t) ? drop : 0) + 5 * normal();

describe('telemetry that moves with the incidents', () => {
  const moved = associations(INCIDENTS, gpu(noisy(1900, 400), noisy(500, 0)), host(inIncident), WINDOW);
  const of = (name: string) => moved?.found.find(a => a.name === name)?.movement;
  test('is named, with how it moved', () => {
    expect(of('SM clock')).toMatchObject({ kind: 'state', r: expect.closeTo(-0.9, 0) });
    expect(of('major page faults')).toMatchObject({ kind: 'counter' });
  });
  test('is told apart from what does not', () =>
    expect(moved?.found.map(a => a.name).toSorted()).toEqual(['SM clock', 'major page faults']));
  test('is counted: SM clock, power and faults; the memory clock never changes', () => expect(moved?.tested).toBe(3));
});

test('telemetry that has nothing to do with the incidents is tested, and not named', () => {
  const elsewhere = (t: number) => Math.floor(t / S) % 5 === 4;
  expect(associations(INCIDENTS, gpu(noisy(1900, 0), noisy(500, 0)), host(elsewhere), WINDOW)).toEqual({ tested: 3, found: [] });
});

describe('nothing is tested', () => {
  test('without incidents', () => expect(associations(NO_SPANS, gpu(noisy(1900, 0), noisy(500, 0)), [], WINDOW)).toBeUndefined());
  test('without telemetry', () => expect(associations(INCIDENTS, [], [], WINDOW)).toBeUndefined());
  test('of telemetry from another time', () => {
    const late = host(inIncident).map(r => ({ ...r, t: r.t + 100 * S }));
    expect(associations(INCIDENTS, [], late, WINDOW)).toBeUndefined();
  });
});
