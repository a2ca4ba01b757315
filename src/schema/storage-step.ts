import { z } from 'zod';
import { ClockPair } from './clock-pair.ts';
import { EpochNs } from './relation.ts';
import { StorageStep } from './storage-plan.ts';

const count = z.int().nonnegative();
const sentences = z.array(z.string());
const ratio = z.number().nonnegative();

/** What fio did beside the load, by its own log (a line every quarter of a second) and its JSON. */
const ContentionResult = z.strictObject({
  begun_ns: EpochNs.describe('first reads that fio logged'),
  ended_ns: EpochNs.describe('last reads that fio logged'),
  longest_gap_ms: ratio.describe('longest time between two lines of its log within the measured window'),
  covers: z
    .boolean()
    .describe('it read before the first request of the step was sent, until after the last one ended, without a gap of two seconds'),
  reads_per_s: ratio.describe('that it achieved, over all of its time'),
  mib_per_s: ratio,
  read_mean_ms: ratio.describe('completion latency of its own reads (clat)'),
  read_p99_ms: ratio.nullable(),
});

/** What was done before the load. */
const Prepared = z.strictObject({
  restarted: z.boolean(),
  server_start: count.describe('which start of this server served the step: the number of its log; 0: it is not ours to start'),
  dropped: z.enum(['all', 'adapters', 'none']).describe('from the page cache'),
  compacted: z.boolean(),
  idle: z.boolean().nullable().describe('whether disk and processors were idle before the limit; null: nobody waited for it'),
  waited_s: ratio,
  primed: count.describe('files of adapters that were read into the page cache'),
});

/**
 * The harness' three placeholders and what goes with them, over the measured window; null where this machine does not tell. Reads are those of
 * the device of the experiment, the reads of fio among them.
 */
const StorageFigures = z.strictObject({
  io_wait_pct: z.number().nullable().describe('share of processor time that waited for disks (iowait of /proc/stat), %'),
  r_await_ms: z
    .number()
    .nullable()
    .describe('mean time of a read, ms (iostat r_await: Δread_ms / Δreads of /proc/diskstats); null where there was none'),
  rps_storage: z.number().nullable().describe('reads a second'),
  read_mib_per_s: z.number().nullable(),
  aqu_sz: z.number().nullable().describe('mean requests in the queue (iostat aqu-sz)'),
  util_pct: z.number().nullable().describe('share of the time in which the disk was busy, %'),
  major_faults_per_s: z.number().nullable(),
  swap_in_pages_per_s: z.number().nullable(),
  psi_io_some_pct: z.number().nullable().describe('share of the time in which some task waited for disks (PSI), %'),
  psi_mem_some_pct: z.number().nullable(),
});

/** step.json: what became of a step; written last, so a folder that has it is whole. */
export const StorageStepResult = z.strictObject({
  schema: z.literal('forensics.storage-step/1'),
  plan_sha256: z.string().describe('of the plan that it belongs to'),
  step: StorageStep,
  attempt: z.int().min(1).describe('attempts that failed or were cut off lie beside it, as ID.attempt-N'),
  status: z.enum(['ok', 'failed']).describe('failed: all its repetitions failed; what there is of the last one lies here'),
  why: z.string().nullable().describe('why it failed'),
  start: ClockPair.describe('before anything was prepared'),
  end: ClockPair,
  measured: z
    .strictObject({ start_ns: EpochNs, end_ns: EpochNs })
    .nullable()
    .describe('the measured window: from the first request that counts until the last was to be sent; null where nothing was sent'),
  requests: z.strictObject({ sent: count, ok: count, failed: count, unfinished: count }).nullable().describe('of the measured window'),
  prepared: Prepared.nullable().describe('null where that failed'),
  contention: ContentionResult.nullable().describe('null: none was planned'),
  figures: StorageFigures.nullable(),
  files: z.array(z.string()).describe('beside this one'),
  missing: sentences.describe('what could not be done or recorded, and why'),
});
export type StorageStepResult = z.infer<typeof StorageStepResult>;

/** Of a disk, since the machine started (Documentation/admin-guide/iostats.rst; a sector is 512 bytes). */
const DiskCounters = z.strictObject({
  device: z.string(),
  reads: count,
  read_sectors: count,
  read_ms: count,
  writes: count,
  write_sectors: count,
});

/** What an NVMe controller says of itself (NVMe base specification, SMART / Health log): counted by the device, across all its users. */
const SmartCounters = z.strictObject({
  device: z.string(),
  host_reads: count.describe('read commands completed'),
  data_units_read: count.describe('each 512,000 bytes'),
  host_writes: count,
  data_units_written: count,
});

/** How much of the weights of adapters lies in the page cache (fincore, by mincore). */
const Residency = z.strictObject({ adapter: z.string(), file_bytes: count, cached_bytes: count });

const CounterReading = z.strictObject({
  at_ns: EpochNs,
  disks: z.array(DiskCounters),
  smart: z.array(SmartCounters).describe('empty where smartctl is not there, may not ask, or the disk is no NVMe'),
  residency: z.array(Residency).describe('of the list of the step, where it names files'),
});

/** counters.json: read right before the first request, after all preparation, and after the last answer. */
export const StorageCounters = z.strictObject({
  schema: z.literal('forensics.storage-counters/1'),
  before: CounterReading,
  after: CounterReading.nullable().describe('null where the step ended before'),
  missing: sentences,
});
export type StorageCounters = z.infer<typeof StorageCounters>;

/** A line of markers.jsonl: what the run did, in order; it is added to, also by a resumed run. */
export const StorageMarker = z.strictObject({
  at_ns: EpochNs,
  event: z.enum([
    'run-begins',
    'run-resumes',
    'step-begins',
    'server-starts',
    'server-ready',
    'server-stops',
    'quiet',
    'contention-begins',
    'load-begins',
    'load-ends',
    'contention-ends',
    'step-ends',
    'step-failed',
    'attempt-found',
    'run-ends',
  ]),
  step: z.string().nullable(),
  attempt: count.nullable(),
  detail: z.string().optional(),
});
export type StorageMarker = z.infer<typeof StorageMarker>;

/**
 * run.json of the folder that `forensics storage run` writes; written when the experiment begins, and again at its end. The folder:
 *
 *     run.json plan.json markers.jsonl system.json
 *     servers/MODEL-SERVER-N.log
 *     steps/ID/           one for each step that is done; ID.part while it runs, ID.attempt-N for what was cut off or failed
 *       step.json counters.json
 *       requests.jsonl load.json        and warm-up.jsonl where there was one; requests.jsonl says adapter, session and nonce (docs/formats.md)
 *       host.csv disks.csv paging.csv   gpu.csv, nvlink.csv, xid.csv where there are GPUs (docs/formats.md)
 *       iostat.json                     of sysstat, once a second, where it is installed
 *       fio.json fio-reads.log          where there was contention
 *
 * disks.csv: time_ns, device, reads, read_sectors, read_ms, writes, write_sectors, write_ms, in_flight, io_ms, queue_ms: counters of
 * /proc/diskstats, a row a device and sample. paging.csv: time_ns, and counters of /proc/vmstat by their names there.
 */
export const StorageRun = z.strictObject({
  schema: z.literal('forensics.storage-run/1'),
  tool: z.strictObject({ name: z.literal('forensics'), version: z.string() }),
  plan_sha256: z.string().describe('of plan.json; a run is resumed by the config that makes the same plan'),
  device: z.string().nullable().describe('the disk whose reads are told; null: none was found behind the files, and all disks are summed'),
  begun: ClockPair,
  resumed: count.describe('how often'),
  ended_by: z.enum(['done', 'interrupted']).nullable().describe('null while it runs, or where it was killed'),
  steps: z.strictObject({ planned: count, ok: count, failed: count }),
  missing: sentences.describe('what this machine cannot tell in any step'),
});
export type StorageRun = z.infer<typeof StorageRun>;
