import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { z } from 'zod';
import type { Experiment, StorageRun } from '#decide/storage/experiment';
import type { StoragePlan } from '#schema/storage-plan';
import type { StorageRun as RunFile, StorageCounters, StorageStepResult } from '#schema/storage-step';

type Step = z.output<typeof StoragePlan>['steps'][number];

const SHA = 'a'.repeat(64);
/** Some day, epoch ns. */
const BEGUN_NS = 1_790_000_000n * 1_000_000_000n;
const PAIR = { epoch_ns: String(BEGUN_NS), monotonic_ns: '1', uncertainty_ns: 1000 };
const MINUTE_NS = 60_000_000_000n;
const SECTOR_BYTES = 512;

/** What happened to a step apart from the plan. */
export interface Mishaps {
  readonly failed?: readonly string[];
  readonly uncovered?: readonly string[];
  /** Has no folder. */
  readonly open?: readonly string[];
  /** All its requests failed. */
  readonly lost?: readonly string[];
}

function stepOf(run: StorageRun, position: number): Step {
  const { design, arm, level, block, session, adapters } = run;
  return {
    ...{ id: run.id, position, hypothesis: design, serves: [design], model: run.model, arm, level, block },
    ...{ server: adapters === null ? 'baseline' : 'adapters', working_set_bytes: null, pair: null, seed: position },
    load: {
      ...{ prompts: run.load, prompt_tokens: 100, output_tokens: 10, concurrency: 8, rate_per_s: null, sessions: 8 },
      ...{ duration_s: 60, warm_up_s: 0, requests: null, nonce: true },
      adapters: adapters === null ? null : { list: arm, size: level ?? 4, session: session ?? (design === 'h1' ? 'in-turn' : 'random') },
    },
    contention: null,
    ...{ restart: false, drop: 'none', prime: false },
  };
}

const reading = (at_ns: bigint, reads: number, sectors: number, smart: number, adapter_bytes: number | null) => ({
  at_ns: String(at_ns),
  disks: [{ device: 'nvme0n1', reads, read_sectors: sectors, read_ms: 1, writes: 0, write_sectors: 0 }],
  smart: [{ device: 'nvme0', host_reads: smart, data_units_read: 1, host_writes: 1, data_units_written: 1 }],
  residency: adapter_bytes === null ? [] : [{ adapter: 'adapter-0', file_bytes: adapter_bytes, cached_bytes: 0 }],
});

function writeStep(folder: string, run: StorageRun, position: number, mishaps: Mishaps): void {
  const at = join(folder, 'steps', run.id);
  mkdirSync(at, { recursive: true });
  const start = BEGUN_NS + BigInt(position) * MINUTE_NS;
  const isLost = mishaps.lost?.includes(run.id) === true;
  const lines = Array.from(run.e2e_ms, (ms, i) => {
    const arrival = start + BigInt(Math.round(i * 1e6));
    const after = (by: number) => String(arrival + BigInt(Math.round(by * 1e6)));
    return JSON.stringify({
      ...{ id: `r${i}`, intended_ns: String(arrival), arrival_ns: after(0.5), status: isLost ? 'failed' : 'ok' },
      ...{ first_token_ns: isLost ? null : after(Math.min(ms, run.ttft_ms[i] ?? ms)), finish_ns: isLost ? null : after(ms) },
      ...{ session: i % 8, adapter: run.adapters?.accesses[i] ?? null },
    });
  });
  const adapters = run.adapters;
  const counters: z.input<typeof StorageCounters> = {
    schema: 'forensics.storage-counters/1',
    before: reading(start, 1000, 8000, 500, adapters?.adapter_bytes ?? null),
    after: reading(
      start + MINUTE_NS,
      2000,
      8000 + Math.round((adapters?.read_bytes ?? 0) / SECTOR_BYTES),
      500 + (adapters?.host_reads ?? 0),
      adapters?.adapter_bytes ?? null,
    ),
    missing: [],
  };
  const result: z.input<typeof StorageStepResult> = {
    ...{ schema: 'forensics.storage-step/1', plan_sha256: SHA, step: stepOf(run, position), attempt: 1 },
    status: mishaps.failed?.includes(run.id) === true ? 'failed' : 'ok',
    ...{
      why: null,
      start: PAIR,
      end: PAIR,
      measured: { start_ns: String(start), end_ns: String(start + BigInt(Math.round((run.e2e_ms.length / run.answers_per_s) * 1e9))) },
    },
    ...{ requests: null, prepared: null, files: [], missing: [] },
    contention:
      mishaps.uncovered?.includes(run.id) === true
        ? {
            ...{ begun_ns: '1', ended_ns: '2', longest_gap_ms: 3000, covers: false, reads_per_s: 1, mib_per_s: 1 },
            ...{ read_mean_ms: 1, read_p99_ms: null },
          }
        : null,
    figures: { ...run.figures, aqu_sz: null, util_pct: null, psi_io_some_pct: null },
  };
  writeFileSync(join(at, 'requests.jsonl'), `${lines.join('\n')}\n`);
  writeFileSync(join(at, 'counters.json'), JSON.stringify(counters));
  writeFileSync(join(at, 'step.json'), JSON.stringify(result));
}

/** Writes an experiment as `forensics storage run` would have left it. */
export function writeStorageFolder(folder: string, experiments: readonly Experiment[], mishaps: Mishaps = {}): void {
  const runs = experiments.flatMap(({ runs: own }) => own);
  mkdirSync(folder, { recursive: true });
  const plan: z.input<typeof StoragePlan> = {
    ...{ schema: 'forensics.storage-plan/1', seed: 1, config_sha256: SHA, device: null, least_s: 1, steps: runs.map(stepOf) },
  };
  const run: z.input<typeof RunFile> = {
    ...{ schema: 'forensics.storage-run/1', tool: { name: 'forensics', version: '0.1.0' }, plan_sha256: SHA, device: 'nvme0n1' },
    ...{ begun: PAIR, resumed: 0, ended_by: 'done', steps: { planned: runs.length, ok: runs.length, failed: 0 }, missing: [] },
  };
  writeFileSync(join(folder, 'plan.json'), JSON.stringify(plan));
  writeFileSync(join(folder, 'run.json'), JSON.stringify(run));
  runs.forEach((one, position) => {
    if (mishaps.open?.includes(one.id) !== true) writeStep(folder, one, position, mishaps);
  });
}
