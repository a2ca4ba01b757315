import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildTrace, type SyntheticApiCall, type SyntheticCopy, type SyntheticKernel } from './synthetic-trace.ts';

const MS = 1e6;
const US = 1000;
const PID = 4242;
const OTHER_PID = 4343;
const STEPS = 400;
const STEP = 1.6 * MS;
/** The serving thread computes for so long before this step. */
const STALL = { step: 250, ms: 160 };
/** Another process holds the GPU for so long before this step. */
const CONTENTION = { step: 100, ms: 60 };
export const EPOCH_NS = 1_795_311_000_000_000_000n;
/** The first request arrives a little before the third step. */
export const FIRST_ARRIVAL_NS = 10 * MS + 2 * STEP - 0.2 * MS;

export interface SmallCase {
  /** Name of the kernels that serve, and of the one that gets in their way. */
  readonly kernelName?: string;
  /** Nothing goes wrong. */
  readonly clean?: boolean;
  readonly withKernels?: boolean;
  /** Hours by which the wall clock of gpu.csv is ahead of UTC. */
  readonly gpuZoneHours?: number;
  readonly gpuClock?: string;
  /** Changes a line of requests.jsonl. */
  readonly request?: (fields: Record<string, unknown>, i: number) => Record<string, unknown>;
}

/** When each step begins, ns, and how long other work held its kernel back. */
function plan(clean: boolean): { begins: readonly number[]; heldBack: readonly number[] } {
  let at = 10 * MS;
  const heldBack = Array.from({ length: STEPS }, (_, i) => (!clean && i === CONTENTION.step ? CONTENTION.ms * MS : 0));
  const begins = heldBack.map((held, i) => {
    if (!clean && i === STALL.step) at += STALL.ms * MS;
    const begin = at;
    at += STEP + held;
    return begin;
  });
  return { begins, heldBack };
}

const stamp = (ms: number) => new Date(ms).toISOString().replace('T', ' ').replaceAll('-', '/').replace('Z', '');

/** Writes a whole run of a tiny server into a folder: trace.sqlite, requests.jsonl, gpu.csv and host.csv. */
export function writeSmallCase(folder: string, options: SmallCase = {}): void {
  const {
    kernelName = 'decode_step',
    clean = false,
    withKernels = true,
    gpuZoneHours = 0,
    gpuClock = '1980 MHz',
    request = fields => fields,
  } = options;
  mkdirSync(folder, { recursive: true });
  const { begins, heldBack } = plan(clean);
  const kernels: SyntheticKernel[] = [];
  const copies: SyntheticCopy[] = [];
  const apiCalls: SyntheticApiCall[] = [];
  const results = begins.map((t, i) => {
    const held = heldBack[i] ?? 0;
    const done = t + held + 1.5 * MS;
    const call = (name: string, correlation: number, start: number, end: number) =>
      apiCalls.push({ pid: PID, tid: PID, name, correlation, start, end });
    call('cudaLaunchKernel_v7000', 3 * i + 1, t, t + 8 * US);
    call('cudaMemcpyAsync_v3020', 3 * i + 2, t + 20 * US, t + 30 * US);
    call('cudaStreamSynchronize_v3020', 3 * i + 3, t + 35 * US, done + 10 * US);
    kernels.push({ pid: PID, correlation: 3 * i + 1, name: kernelName, start: t + held + 12 * US, end: done });
    if (held > 0)
      kernels.push({
        pid: OTHER_PID,
        correlation: 1,
        stream: 13,
        context: 2,
        name: `${kernelName} of another`,
        start: t + 10 * US,
        end: t + held,
      });
    copies.push({ pid: PID, correlation: 3 * i + 2, bytes: 64, kind: 2, srcKind: 2, dstKind: 1, start: done + US, end: done + 3 * US });
    return done + 10 * US;
  });
  buildTrace(join(folder, 'trace.sqlite'), {
    version: '3.20.3',
    epochNs: EPOCH_NS,
    processes: [{ pid: PID, name: 'server' }],
    apiCalls,
    osCalls: [{ pid: PID, tid: PID, name: 'sem_wait', start: 0, end: 5 * MS }],
    ...(withKernels ? { kernels, copies } : {}),
  });

  const epoch = (ns: number) => EPOCH_NS + BigInt(Math.round(ns));
  const rows: string[] = [];
  for (let i = 2; i + 21 < STEPS; i += 5) {
    const fields = {
      id: i,
      arrival_ns: epoch((begins[i] ?? 0) - 0.2 * MS),
      scheduled_ns: epoch(begins[i] ?? 0),
      first_token_ns: epoch(results[i] ?? 0),
      finish_ns: epoch((results[i + 20] ?? 0) + 50 * US),
      prompt_tokens: 64,
      output_tokens: 21,
      itl_us: Array.from({ length: 20 }, (_, k) => ((results[i + k + 1] ?? 0) - (results[i + k] ?? 0)) / US),
      status: 'ok',
    };
    // Stamps exceed 2^53: they go in as digits.
    rows.push(
      JSON.stringify(request(fields, rows.length), (_, v) => (typeof v === 'bigint' ? `#${v}#` : v)).replaceAll(/"#(-?\d+)#"/g, '$1'),
    );
  }
  writeFileSync(join(folder, 'requests.jsonl'), `${rows.join('\n')}\n`);

  const times = Array.from({ length: 30 }, (_, i) => Number(EPOCH_NS / 1_000_000n) - 1000 + i * 100);
  const gpu = times.map(t => `${stamp(t + gpuZoneHours * 3_600_000)}, 0, NVIDIA H200, 400.00 W, ${gpuClock}, 90 %, 0x0000000000000000`);
  writeFileSync(
    join(folder, 'gpu.csv'),
    `timestamp, index, name, power.draw.instant [W], clocks.current.sm [MHz], utilization.gpu [%], clocks_event_reasons.active\n${gpu.join('\n')}\n`,
  );
  const host = times.map((t, i) => `${t}000000,${1000 + i},${500 + i},${9000 + i},0,7000,10,0`);
  writeFileSync(
    join(folder, 'host.csv'),
    `time_ns,cpu_user,cpu_system,cpu_idle,cpu_iowait,disk_read_sectors,pgmajfault,pswpin\n${host.join('\n')}\n`,
  );
}
