import { describe, expect, test } from 'vitest';
import type { GpuSampleRow, HostSampleRow } from '#schema/relation';
import { reasonsOf, sampleTimeline } from './samples.ts';

const S = 1e9;
type Gpu = GpuSampleRow & { readonly t: number };
type Host = HostSampleRow & { readonly t: number };

const NO_HOST: HostSampleRow = {
  t_ms: 0,
  cpu_user_ticks: null,
  cpu_system_ticks: null,
  cpu_idle_ticks: null,
  cpu_iowait_ticks: null,
  context_switches: null,
  procs_running: null,
  procs_blocked: null,
  disk_reads: null,
  disk_read_sectors: null,
  disk_read_ms: null,
  disk_writes: null,
  disk_write_sectors: null,
  disk_io_ms: null,
  major_faults: null,
  swap_in_pages: null,
  swap_out_pages: null,
  mem_available_kib: null,
  psi_io_some_us: null,
  psi_mem_some_us: null,
  psi_cpu_some_us: null,
};

/** One sample a second from 0 on. */
const gpu = (clocks: readonly (number | null)[], facts: (i: number) => Partial<GpuSampleRow> = () => ({})): Gpu[] =>
  clocks.map((sm_clock_mhz, i) => ({
    t: i * S,
    t_ms: i * 1000,
    gpu: 0,
    name: null,
    power_w: null,
    power_limit_w: null,
    sm_clock_mhz,
    mem_clock_mhz: null,
    temperature_c: null,
    utilization_pct: 100,
    memory_used_mib: null,
    event_reasons: null,
    ...facts(i),
  }));

/** One sample a second from 0 on; the counter grows by so much before each. */
const host = (counter: keyof HostSampleRow, growth: readonly (number | null)[]): Host[] => {
  let sum = 0;
  return growth.map((g, i) => {
    sum += g ?? 0;
    return { ...NO_HOST, t: i * S, t_ms: i * 1000, [counter]: g === null ? null : sum };
  });
};

describe('clocks', () => {
  const dip = (low: number) => sampleTimeline(gpu([1980, 1980, 1980, low, low, 1980, 1980, 1980, 1980, 1980]), []);

  test('fewer than five samples give no verdict', () => {
    expect(sampleTimeline(gpu([1980, 1980, 1000, 1000]), []).clockLoss(0, 4 * S)).toBeUndefined();
    expect(sampleTimeline(gpu([1980, 1980, 1980, 1980, 1980]), []).clockLoss(0, 4 * S)).toBe(0);
    expect(sampleTimeline(gpu([1980, 1980, 1980, 1980]), []).hasGpu).toBe(false);
    expect(sampleTimeline(gpu([1980, 1980, 1980, 1980, 1980]), []).hasGpu).toBe(true);
  });
  test('no samples at all are no answer, and say so', () => {
    const none = sampleTimeline([], []);
    expect([none.hasGpu, none.hasHost, none.clockLoss(0, S), none.paging(0, S), none.diskBusy(0, S)]).toEqual([
      false,
      false,
      undefined,
      undefined,
      false,
    ]);
  });
  test('one step of 15 MHz below the usual clock is how clocks move', () => expect(dip(1965).clockLoss(2.5 * S, 4 * S)).toBe(0));
  test('a clock two percent down is usual, one that is lower still is not', () => {
    expect(dip(1980 * 0.981).clockLoss(2.5 * S, 4 * S)).toBe(0);
    expect(dip(1980 * 0.979).clockLoss(2.5 * S, 4 * S)).toBeCloseTo(0.021, 6);
  });
  test('the loss is the share of speed, in the stretch that was asked about alone', () => {
    expect(dip(1485).clockLoss(2.5 * S, 3.9 * S)).toBeCloseTo(0.25, 6);
    expect(dip(1485).clockLoss(6 * S, 8 * S)).toBe(0);
  });
  test('a stretch shorter than a sample is judged by the sample after it, which measured it', () => {
    expect(dip(1485).clockLoss(3.2 * S, 3.3 * S)).toBeCloseTo(0.25, 6);
  });
  test('after the last sample nothing is known', () => expect(dip(1485).clockLoss(20 * S, 21 * S)).toBeUndefined());
  test('an idle GPU clocks down: such samples say nothing about what it could do', () => {
    const idle = gpu([1980, 1980, 345, 345, 345, 1980, 1980, 1980, 1980], i => ({ utilization_pct: i >= 2 && i <= 4 ? 0 : 100 }));
    expect(sampleTimeline(idle, []).clockLoss(1.5 * S, 4.5 * S)).toBe(0);
  });
  test('samples without a clock are left out, not read as zero', () => {
    expect(sampleTimeline(gpu([1980, null, 1980, null, 1980, 1980, 1980]), []).clockLoss(0, 6 * S)).toBe(0);
    expect(sampleTimeline(gpu([1980, null, 1980, null, 1980, 1980]), []).hasGpu).toBe(false);
  });
  test('a GPU that always ran low has no other clock to compare with', () => {
    expect(sampleTimeline(gpu([1200, 1200, 1200, 1200, 1200, 1200]), []).clockLoss(0, 5 * S)).toBe(0);
  });
});

describe('reasons', () => {
  const masks = sampleTimeline(
    gpu(Array(8).fill(1980), i => ({ event_reasons: [0, 0, 0x4, 0x40, 0, 0x1, null, 0][i] ?? null })),
    [],
  );
  test('are put in words, all of those seen', () => {
    expect(masks.throttleReason(1.5 * S, 2.5 * S)).toBe('software power cap, hardware thermal slowdown');
  });
  test('idle and application clocks are no throttle', () => {
    expect(reasonsOf(0x1 | 0x2)).toEqual([]);
    expect(masks.throttleReason(4.5 * S, 5 * S)).toBe('no reason bit was set');
  });
});

describe('paging', () => {
  const quiet = Array(20).fill(0);
  const burst = (n: number) => quiet.map((_, i) => (i === 10 ? n : 0));

  test('a lone burst in a quiet run is seen in its second, and nowhere else', () => {
    const t = sampleTimeline([], host('major_faults', burst(5000)));
    expect(t.paging(9.2 * S, 9.8 * S)).toBe('5000 major page faults a second');
    expect(t.paging(11.2 * S, 14 * S)).toBeUndefined();
    expect(t.paging(2 * S, 8 * S)).toBeUndefined();
  });
  test('from a hundred faults a second on', () => {
    expect(sampleTimeline([], host('major_faults', burst(100))).paging(9.2 * S, 9.8 * S)).toBe('100 major page faults a second');
    expect(sampleTimeline([], host('major_faults', burst(99))).paging(9.2 * S, 9.8 * S)).toBeUndefined();
  });
  test('a host that always faults at this rate does not stand out', () => {
    expect(sampleTimeline([], host('major_faults', Array(20).fill(5000))).paging(9 * S, 10 * S)).toBeUndefined();
  });
  test('faults that nobody waited for, by the pressure of io and memory, were served from memory', () => {
    const faulting = host('major_faults', burst(5000));
    const beside = (io: readonly number[], memory: readonly number[]) => {
      const [a, b] = [host('psi_io_some_us', io), host('psi_mem_some_us', memory)];
      const rows = faulting.map((h, i) => ({
        ...h,
        psi_io_some_us: a[i]?.psi_io_some_us ?? 0,
        psi_mem_some_us: b[i]?.psi_mem_some_us ?? 0,
      }));
      return sampleTimeline([], rows).paging(9.2 * S, 9.8 * S);
    };
    expect(beside(quiet, quiet)).toBeUndefined();
    // A tenth of the 600 ms that are asked about.
    expect(beside(burst(59_000), burst(59_000))).toBeUndefined();
    expect(beside(burst(60_000), quiet)).toBe('5000 major page faults a second');
    expect(beside(quiet, burst(60_000))).toBe('5000 major page faults a second');
  });
  test('pages swapped in count too', () => {
    expect(sampleTimeline([], host('swap_in_pages', burst(700))).paging(9.2 * S, 9.8 * S)).toBe('700 pages swapped in a second');
  });
  test('with fewer than five rates there is no verdict', () => {
    expect(sampleTimeline([], host('major_faults', [0, 0, 0, 0, 9000])).paging(3.2 * S, 3.8 * S)).toBeUndefined();
    expect(sampleTimeline([], host('major_faults', [0, 0, 0, 0, 0, 9000])).paging(4.2 * S, 4.8 * S)).toBe(
      '9000 major page faults a second',
    );
  });
  test('a counter that falls back is a restart, not a rate; a missing reading is no zero', () => {
    const restarted = host('major_faults', quiet).map((h, i) => ({ ...h, major_faults: i < 10 ? 1e6 : i === 10 ? 0 : 5 }));
    expect(sampleTimeline([], restarted).paging(9.2 * S, 9.8 * S)).toBeUndefined();
    const holes = host('major_faults', quiet).map((h, i) => ({ ...h, major_faults: i === 10 ? null : 1e6 }));
    expect(sampleTimeline([], holes).paging(9.2 * S, 10.8 * S)).toBeUndefined();
  });
  test('two readings at the same moment give no rate', () => {
    const twice = [...host('major_faults', quiet), { ...NO_HOST, t: 19 * S, t_ms: 19_000, major_faults: 1e6 }];
    expect(sampleTimeline([], twice).paging(0, 19 * S)).toBeUndefined();
  });
});

describe('disks', () => {
  const busy = (n: number, counter: 'disk_read_sectors' | 'disk_write_sectors' = 'disk_read_sectors') =>
    sampleTimeline(
      [],
      host(
        counter,
        Array.from({ length: 20 }, (_, i) => (i === 10 ? n : 0)),
      ),
    ).diskBusy(9.2 * S, 9.8 * S);
  test('are busy from 20,000 sectors a second on', () => {
    expect(busy(20_000)).toBe(true);
    expect(busy(19_999)).toBe(false);
  });
  test('are busy when they write as well', () => expect(busy(1e6, 'disk_write_sectors')).toBe(true));
});
