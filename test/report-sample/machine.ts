import type { ChartData } from '#schema/report';
import { STALL_MS, STALLS, sequence, WINDOW_MS } from './stalls.ts';

export function deviceBins(): ChartData['device_bins'] {
  const next = sequence(7);
  return Array.from({ length: WINDOW_MS / 50 }, (_, i) => i * 50).flatMap(t => {
    const stall = STALLS.find(s => s.at < t + 50 && t < s.at + STALL_MS);
    const busy = stall === undefined ? 0.62 + next() * 0.3 : 0.05;
    const copying = stall?.cause === 'blocking-copy' ? 0.9 : 0.02 + next() * 0.03;
    const bin = { device: 'GPU 0', t_ms: t, width_ms: 50 };
    return [
      { ...bin, state: 'compute' as const, share: busy },
      { ...bin, state: 'copy' as const, share: Math.min(copying, 1 - busy) },
      { ...bin, state: 'idle' as const, share: Math.max(0, 1 - busy - copying) },
    ];
  });
}

const near = (t: number) => STALLS.some(s => s.at - 50 < t && t < s.at + STALL_MS + 50);

export function samples() {
  const next = sequence(3);
  const times = Array.from({ length: 130 }, (_, i) => -500 + i * 100);
  return {
    gpu: times.map(t => ({
      gpu: 'GPU 0',
      t_ms: t,
      power_w: near(t) ? 190 + next() * 20 : 395 + next() * 40,
      sm_clock_mhz: t > 8_000 && t < 8_900 ? 1_755 : 1_980,
      throttled: t > 8_000 && t < 8_900 ? 'software power cap' : null,
    })),
    host: times.map(t => ({
      t_ms: t,
      cpu_pct: near(t) ? 21 + next() * 3 : 13 + next() * 3,
      iowait_pct: next() * 0.4,
      disk_read_mb_s: 0,
      disk_write_mb_s: t % 2_000 === 0 ? 14 + next() * 6 : next(),
      major_faults_s: 0,
    })),
  };
}
