import type { StorageStepResult } from '#schema/storage-step';
import type { Table } from './table.ts';

type Figures = NonNullable<StorageStepResult['figures']>;

/** The measured window, nanoseconds since 1970. */
export interface Window {
  readonly from: bigint;
  readonly to: bigint;
}
const SECTOR_BYTES = 512;
const MIB = 2 ** 20;

/** How much counters grew between the samples that enclose a window, and in how many seconds; undefined where there are not two. */
function growth(table: Table, { from, to }: Window, isMine: (row: readonly string[]) => boolean) {
  const rows = table.rows.filter(isMine);
  const at = (row: readonly string[]) => BigInt(row[0] ?? '0');
  // The last before it and the first after it; where the samples begin later or end earlier, the nearest.
  const first = rows.findLast(row => at(row) <= from) ?? rows[0];
  const last = rows.find(row => at(row) >= to) ?? rows.at(-1);
  if (first === undefined || last === undefined || at(last) <= at(first)) return undefined;
  const seconds = Number(at(last) - at(first)) / 1e9;
  const of = (column: string): number | null => {
    const [a, b] = [table.value(first, column), table.value(last, column)];
    return a === null || b === null ? null : b - a;
  };
  return { seconds, of };
}

const per = (amount: number | null | undefined, of: number | null | undefined): number | null =>
  amount === null || amount === undefined || of === null || of === undefined || of <= 0 ? null : amount / of;

function hostFigures(host: Table | undefined, window: Window) {
  const grew = host === undefined ? undefined : growth(host, window, () => true);
  const of = (column: string) => grew?.of(column) ?? null;
  const ticks = ['cpu_user', 'cpu_system', 'cpu_idle', 'cpu_iowait'].map(of);
  const all = ticks.reduce((sum: number | null, n) => (sum === null || n === null ? null : sum + n), 0);
  const waited = per(of('cpu_iowait'), all);
  const share = (us: number | null) => {
    const part = per(us, grew?.seconds);
    return part === null ? null : part / 10_000;
  };
  return {
    io_wait_pct: waited === null ? null : waited * 100,
    major_faults_per_s: per(of('pgmajfault'), grew?.seconds),
    swap_in_pages_per_s: per(of('pswpin'), grew?.seconds),
    psi_io_some_pct: share(of('psi_io_some_us')),
    psi_mem_some_pct: share(of('psi_mem_some_us')),
  };
}

function diskFigures(disks: Table | undefined, window: Window, device: string | undefined) {
  const names = device === undefined ? [...new Set(disks?.rows.map(row => row[1] ?? ''))] : [device];
  const grown = names.flatMap(name => (disks === undefined ? [] : (growth(disks, window, row => row[1] === name) ?? [])));
  const [first] = grown;
  const sum = (column: string): number | null =>
    grown.length === 0 ? null : grown.reduce((all: number | null, { of }) => (all === null ? null : (of(column) ?? 0) + all), 0);
  const rate = (column: string) => per(sum(column), first?.seconds);
  const [bytes, queued, busy] = [rate('read_sectors'), rate('queue_ms'), rate('io_ms')];
  return {
    r_await_ms: per(sum('read_ms'), sum('reads')),
    rps_storage: rate('reads'),
    read_mib_per_s: bytes === null ? null : (bytes * SECTOR_BYTES) / MIB,
    aqu_sz: queued === null ? null : queued / 1000,
    // Of several disks the mean.
    util_pct: busy === null ? null : busy / 10 / Math.max(1, grown.length),
  };
}

/**
 * What disks and host did over a window, from samples of counters: differences between the sample before it and the one after it, as iostat
 * makes them (sysstat, iostat.c: r_await = Δread_ms / Δreads, aqu-sz = Δqueue_ms / Δt, util = Δio_ms / Δt). What was not sampled is null, never zero.
 * @param device whose reads are told; undefined: those of all disks together
 */
export const figuresOf = (
  tables: { readonly host: Table | undefined; readonly disks: Table | undefined },
  window: Window,
  device: string | undefined,
): Figures => ({
  ...hostFigures(tables.host, window),
  ...diskFigures(tables.disks, window, device),
});
