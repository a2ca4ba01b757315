import { realAt } from '#core/columns';
import type { Ns, Share } from '#core/units';
import type { HostSampleRow } from '#schema/relation';
import type { NamedReadings } from './associations.ts';
import { type Rates, ratesOf } from './rates.ts';

type HostRow = HostSampleRow & { readonly t: Ns };

/** By what it is told that somebody waited for a disk. */
export type DiskGauge = 'psi' | 'iowait' | 'busy';

/** How long somebody on the host waited for its disks, reading by reading. */
export interface DiskWaits {
  readonly gauge: DiskGauge;
  /** In the counter's own unit. */
  readonly rates: Rates;
  /** How much of that unit a second is: a rate over it is a share of the time, or of processors. */
  readonly unit: number;
}

/** Ticks of /proc/stat a second: USER_HZ, 100 on every architecture that has GPUs (proc(5)). */
const TICKS_PER_S = 100;

/** In the order of what they say: PSI counts waiting itself; iowait only on idle processors (proc(5) calls it unreliable); a busy disk need hold nobody up. */
const GAUGES: readonly (readonly [DiskGauge, (row: HostRow) => number | null, number])[] = [
  ['psi', r => r.psi_io_some_us, 1e6],
  ['iowait', r => r.cpu_iowait_ticks, TICKS_PER_S],
  ['busy', r => r.disk_io_ms, 1e3],
];

/** The most telling counter of waiting for disks that the host's samples hold; undefined where there is none. */
export function diskWaits(host: readonly HostRow[]): DiskWaits | undefined {
  const t = host.map(h => h.t);
  for (const [gauge, of, unit] of GAUGES) {
    const rates = ratesOf(t, host.map(of));
    if (rates !== undefined) return { gauge, rates, unit };
  }
  return undefined;
}

/** What the disks of the host did between two readings, as iostat calls it. */
interface DiskReading {
  /** When it was read: it speaks for the time since the one before. */
  readonly t: Ns;
  /** Mean time of a read, ms (r_await); null where none ended. */
  readonly readAwait_ms: number | null;
  /** Reads waiting or served on average: their time over the time (Little's law). */
  readonly readQueue: number | null;
  /** Share of the time in which the disks had something to do. */
  readonly busy: Share | null;
}

/** Disk latency and queue depth from the kernel's own counters (Documentation/admin-guide/iostats.rst), reading by reading. */
function diskReadings(host: readonly HostRow[]): readonly DiskReading[] {
  const told = host.filter(h => h.disk_reads !== null);
  return told.flatMap((b, i) => {
    const a = told[i - 1];
    if (a === undefined || b.t <= a.t) return [];
    const rise = (key: 'disk_reads' | 'disk_read_ms' | 'disk_io_ms') => {
      const [x, y] = [a[key], b[key]];
      return x === null || y === null || y < x ? null : y - x;
    };
    const [reads, read_ms, io_ms] = [rise('disk_reads'), rise('disk_read_ms'), rise('disk_io_ms')];
    const ms = (b.t - a.t) / 1e6;
    return [
      {
        t: b.t,
        readAwait_ms: reads === null || read_ms === null || reads === 0 ? null : read_ms / reads,
        readQueue: read_ms === null ? null : read_ms / ms,
        busy: io_ms === null ? null : io_ms / ms,
      },
    ];
  });
}

/** Disk latency and queue depth as states that may move with something. */
export function diskStates(host: readonly HostRow[]): readonly NamedReadings[] {
  const readings = diskReadings(host);
  return DISK_STATES.map(([key, name]) => {
    const told = readings.filter(r => r[key] !== null);
    return { name, t: told.map(r => r.t), value: told.map(r => r[key] ?? Number.NaN) };
  });
}

const DISK_STATES = [
  ['readAwait_ms', 'time of a disk read (r_await)'],
  ['readQueue', 'disk reads in flight (queue depth)'],
  ['busy', 'disk utilisation'],
] as const satisfies readonly (readonly [keyof DiskReading, string])[];

/** The most waiting in [from, to), seconds a second. */
export function mostWaiting({ rates, unit }: DiskWaits, from: Ns, to: Ns): number {
  let most = 0;
  for (let i = 0; i < rates.t.length; i++)
    if (realAt(rates.since, i) < to && realAt(rates.t, i) > from) most = Math.max(most, realAt(rates.perSecond, i) / unit);
  return most;
}
