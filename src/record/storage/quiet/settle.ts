import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { readDisks } from '#record/storage/machine/diskstats';

/** What is called idle. */
export interface Idle {
  /** For so long, s. */
  readonly idle_s: number;
  readonly disk_busy_pct: number;
  readonly cpu_busy_pct: number;
  /** No longer than so, s. */
  readonly limit_s: number;
}

/** Between two looks, ms. */
const LOOK_MS = 250;

interface Look {
  readonly at_ms: number;
  /** Ticks of all processors, and of those that did nothing or waited for disks. */
  readonly ticks: number;
  readonly idleTicks: number;
  /** By disk. */
  readonly busyMs: readonly number[];
}

/** /proc/stat: user, nice, system, idle, iowait, irq, softirq, steal (man 5 proc); the guest's are in the user's. */
function look(disks: ReadonlySet<string>): Look {
  const ticks = /^cpu +([\d ]+)$/m.exec(readFileSync('/proc/stat', 'latin1'))?.[1]?.split(' ').map(Number).slice(0, 8) ?? [];
  return {
    at_ms: performance.now(),
    ticks: ticks.reduce((sum, n) => sum + n, 0),
    idleTicks: (ticks[3] ?? 0) + (ticks[4] ?? 0),
    busyMs: readDisks(disks).map(({ io_ms }) => io_ms),
  };
}

/** Whether neither the processors nor a disk did more than is called idle between two looks. */
export function wasIdle(before: Look, after: Look, { disk_busy_pct, cpu_busy_pct }: Pick<Idle, 'disk_busy_pct' | 'cpu_busy_pct'>): boolean {
  const ms = after.at_ms - before.at_ms;
  const ticks = after.ticks - before.ticks;
  const cpu = ticks > 0 ? ((ticks - (after.idleTicks - before.idleTicks)) / ticks) * 100 : 0;
  const disk = Math.max(0, ...after.busyMs.map((busy, i) => ((busy - (before.busyMs[i] ?? busy)) / ms) * 100));
  return cpu <= cpu_busy_pct && disk <= disk_busy_pct;
}

/** Waits until the machine has been idle for long enough. @returns whether it was, and for how long somebody waited, s; null where nobody was to wait */
export async function settle(
  disks: ReadonlySet<string>,
  idle: Idle,
  stop: AbortSignal,
): Promise<{ readonly idle: boolean | null; readonly waited_s: number }> {
  if (idle.idle_s === 0) return { idle: null, waited_s: 0 };
  const begun = performance.now();
  const waited = () => (performance.now() - begun) / 1000;
  let before = look(disks);
  let quietMs = 0;
  while (waited() < idle.limit_s && !stop.aborted) {
    await sleep(LOOK_MS);
    const after = look(disks);
    quietMs = wasIdle(before, after, idle) ? quietMs + after.at_ms - before.at_ms : 0;
    before = after;
    if (quietMs >= idle.idle_s * 1000) return { idle: true, waited_s: waited() };
  }
  return { idle: false, waited_s: waited() };
}
