import { intAt, realAt } from '#core/columns';
import type { Scan, TraceSource } from '#trace/source';
import { MANAGED_COPIES, MANAGED_TO_HOST, MIGRATION_CAUSE } from './copy-kinds.ts';

/**
 * Managed memory that moved because somebody touched it, and the faults of those who waited for it; in order of start. What the program asked
 * for (a prefetch) is not among it. Times in ns since the session began.
 */
export interface Migrations {
  readonly n: number;
  readonly start: Float64Array;
  readonly end: Float64Array;
  /** Index into GpuOps.devices; -1 for a fault of a CPU. */
  readonly device: Int32Array;
  /** Index into GpuOps.processes; -1 where it has no work on a GPU. */
  readonly process: Int32Array;
  /** Bytes moved, 0 for a fault. */
  readonly bytes: Float64Array;
  /** 1 where pages went to the host. */
  readonly toHost: Uint8Array;
  /** Page faults, 0 for a copy. */
  readonly faults: Float64Array;
}

const NONE = new Float64Array(0);
export const NO_MIGRATIONS: Migrations = {
  ...{ n: 0, start: NONE, end: NONE, bytes: NONE, faults: NONE },
  ...{ device: new Int32Array(0), process: new Int32Array(0), toHost: new Uint8Array(0) },
};

type Copies = Scan<'memcpy', 'start_ns' | 'end_ns' | 'global_pid' | 'device_id' | 'bytes' | 'copy_kind' | 'migration_cause'>;

/** How processes and devices are numbered among the operations. */
interface Numbers {
  readonly deviceOf: (globalPid: number, deviceId: number) => number;
  readonly processOf: (globalPid: number) => number;
}

/** Picks the migrations from the copies of a trace, and reads the faults. */
export function readMigrations(source: Pick<TraceSource, 'scan'>, copies: Copies, { deviceOf, processOf }: Numbers): Migrations {
  const rows: { start: number; end: number; device: number; process: number; bytes: number; toHost: number; faults: number }[] = [];
  for (let i = 0; i < copies.n; i++) {
    if (!MANAGED_COPIES.has(intAt(copies.copy_kind, i)) || copies.migration_cause[i] === MIGRATION_CAUSE.user) continue;
    const pid = realAt(copies.global_pid, i);
    const at = { start: realAt(copies.start_ns, i), end: realAt(copies.end_ns, i) };
    rows.push({
      ...at,
      device: deviceOf(pid, intAt(copies.device_id, i)),
      process: processOf(pid),
      bytes: realAt(copies.bytes, i),
      toHost: copies.copy_kind[i] === MANAGED_TO_HOST ? 1 : 0,
      faults: 0,
    });
  }
  const faults = source.scan('page_fault', ['start_ns', 'end_ns', 'global_pid', 'device_id', 'faults']);
  for (let i = 0; i < faults.n; i++) {
    const pid = realAt(faults.global_pid, i);
    const device = intAt(faults.device_id, i);
    const at = { start: realAt(faults.start_ns, i), end: realAt(faults.end_ns, i) };
    // A group of unknown size is one fault at the least.
    const group = Math.max(1, intAt(faults.faults, i));
    rows.push({ ...at, device: device < 0 ? -1 : deviceOf(pid, device), process: processOf(pid), bytes: 0, toHost: 0, faults: group });
  }
  if (rows.length === 0) return NO_MIGRATIONS;
  const ordered = rows.toSorted((a, b) => a.start - b.start);
  const column = (of: (row: (typeof rows)[number]) => number) => Float64Array.from(ordered, of);
  return {
    n: rows.length,
    start: column(r => r.start),
    end: column(r => r.end),
    device: Int32Array.from(ordered, r => r.device),
    process: Int32Array.from(ordered, r => r.process),
    toHost: Uint8Array.from(ordered, r => r.toHost),
    bytes: column(r => r.bytes),
    faults: column(r => r.faults),
  };
}
