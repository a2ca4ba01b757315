import type { AdapterReads, RunFigures, StorageRun } from '#decide/storage/experiment';
import type { RequestRow } from '#schema/relation';
import type { StepCounters, StepFiles } from './experiment-files.ts';

type CounterReading = StepCounters['before'];

/** Why a step is no run that may be judged. */
export type LeftOut = 'failed' | 'nothing-sent' | 'no-answer' | 'contention-not-covered';

const UNKNOWN: RunFigures = {
  ...{ io_wait_pct: null, r_await_ms: null, rps_storage: null, read_mib_per_s: null },
  ...{ major_faults_per_s: null, swap_in_pages_per_s: null, psi_mem_some_pct: null },
};
/** A sector of /proc/diskstats, bytes (Documentation/admin-guide/iostats.rst). */
const SECTOR_BYTES = 512;

/** Latencies of whole answers from the intended start, ms, ascending: what waited to be sent has waited. */
function latencies(requests: readonly RequestRow[], end: (row: RequestRow) => number | null): Float64Array {
  const values = requests.flatMap(row => {
    const at = end(row);
    return row.status !== 'ok' || at === null ? [] : [at - (row.intended_ms ?? row.arrival_ms)];
  });
  return Float64Array.from(values).sort();
}

/** What a counter grew by; null where it was not read at both ends, or fell: the device was reset between. */
function grown(counters: StepCounters, of: (reading: CounterReading) => number | undefined): number | null {
  const [before, after] = [of(counters.before), counters.after === null ? undefined : of(counters.after)];
  return before === undefined || after === undefined || after < before ? null : after - before;
}

const sum = (values: readonly number[]): number | undefined =>
  values.length === 0 ? undefined : values.reduce((total, value) => total + value, 0);

function adapterReads({ step, counters, requests, warmUp }: StepFiles, device: string | null): AdapterReads | null {
  if (step.load.adapters === null || counters === null) return null;
  const disks = (reading: CounterReading) => reading.disks.filter(disk => device === null || disk.device === device);
  // A controller is named without the namespace: nvme0 has nvme0n1.
  const smart = (reading: CounterReading) =>
    reading.smart.filter(s => device === null || device.startsWith(s.device) || s.device === device);
  const sizes = counters.before.residency.map(file => file.file_bytes);
  const sectors = grown(counters, reading => sum(disks(reading).map(disk => disk.read_sectors)));
  const sent = [...warmUp, ...requests.toSorted((a, b) => a.arrival_ms - b.arrival_ms)];
  return {
    accesses: sent.flatMap(row => row.adapter ?? []),
    host_reads:
      grown(counters, reading => sum(smart(reading).map(s => s.host_reads))) ??
      grown(counters, reading => sum(disks(reading).map(disk => disk.reads))),
    read_bytes: sectors === null ? null : sectors * SECTOR_BYTES,
    adapter_bytes: sizes.length === 0 ? null : (sum(sizes) ?? 0) / sizes.length,
  };
}

/** A step as a run to be judged, or why it is none. @param device whose reads are told; null: all disks of the machine */
export function runOfStep(files: StepFiles, device: string | null): StorageRun | LeftOut {
  const { step, result, requests } = files;
  if (result.status === 'failed') return 'failed';
  if (result.measured === null || requests.length === 0) return 'nothing-sent';
  if (result.contention !== null && !result.contention.covers) return 'contention-not-covered';
  const e2e_ms = latencies(requests, row => row.finish_ms);
  if (e2e_ms.length === 0) return 'no-answer';
  const window_s = Number(BigInt(result.measured.end_ns) - BigInt(result.measured.start_ns)) / 1e9;
  const { prompts, prompt_tokens, output_tokens, concurrency, rate_per_s, adapters } = step.load;
  return {
    ...{ id: step.id, model: step.model, design: step.hypothesis, arm: step.arm, block: step.block },
    level: step.working_set_bytes ?? step.level,
    session: adapters === null || adapters.session === 'in-turn' ? null : adapters.session,
    load: JSON.stringify([prompts, prompt_tokens, output_tokens, concurrency, rate_per_s]),
    ttft_ms: latencies(requests, row => row.first_token_ms),
    ...{ e2e_ms, lost: requests.filter(row => row.status !== 'ok').length },
    answers_per_s: window_s > 0 ? e2e_ms.length / window_s : Number.NaN,
    figures: result.figures === null ? UNKNOWN : figuresOf(result.figures),
    adapters: adapterReads(files, device),
  };
}

const figuresOf = (told: RunFigures): RunFigures => ({
  ...{ io_wait_pct: told.io_wait_pct, r_await_ms: told.r_await_ms, rps_storage: told.rps_storage },
  ...{ read_mib_per_s: told.read_mib_per_s, major_faults_per_s: told.major_faults_per_s },
  ...{ swap_in_pages_per_s: told.swap_in_pages_per_s, psi_mem_some_pct: told.psi_mem_some_pct },
});
