import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildTrace, type TraceDescription } from '#test/synthetic-trace';

const MS = 1e6;
const US = 1000;
const [PID, TID, WORKER, OTHER_PID] = [4242, 4243, 4244, 4343];
const STEPS = 150;
const STEP = 1.6 * MS;
/** The serving thread computes for so long before this step, and another process holds the GPU before that one. */
const [STALL, CONTENTION] = [
  { step: 100, ns: 60 * MS },
  { step: 50, ns: 40 * MS },
];
const EPOCH_NS = 1_795_311_000_000_000_000n;

interface Step {
  readonly begin: number;
  readonly held: number;
  readonly end: number;
}

function plan(): readonly Step[] {
  let at = 10 * MS;
  return Array.from({ length: STEPS }, (_, i) => {
    if (i === STALL.step) at += STALL.ns;
    const [begin, held] = [at, i === CONTENTION.step ? CONTENTION.ns : 0];
    at += STEP + held;
    return { begin, held, end: begin + held + 1.51 * MS };
  });
}

/** A little of everything that a trace of a server can hold, with two faults. */
function describe(steps: readonly Step[]): TraceDescription {
  const each = <T>(of: (step: Step, i: number) => T): T[] => steps.map(of);
  const call = (name: string, correlation: number, start: number, end: number) => ({ pid: PID, tid: TID, name, correlation, start, end });
  return {
    version: '3.20.3',
    epochNs: EPOCH_NS,
    processes: [
      { pid: PID, name: 'server' },
      { pid: OTHER_PID, name: 'neighbour' },
    ],
    threads: [
      { pid: PID, tid: TID, name: 'engine' },
      { pid: PID, tid: WORKER, name: 'tokenizer' },
    ],
    kernels: [
      ...each(({ begin, held, end }, i) => ({
        pid: PID,
        correlation: 4 * i + 1,
        name: 'decode_step',
        start: begin + held + 12 * US,
        end: end - 10 * US,
      })),
      ...steps
        .filter(step => step.held > 0)
        .map(({ begin, held }) => ({
          ...{ pid: OTHER_PID, correlation: 1, stream: 13, context: 2, name: 'foreign_gemm', start: begin + 10 * US, end: begin + held },
        })),
    ],
    copies: each(({ end }, i) => ({
      ...{ pid: PID, correlation: 4 * i + 2, bytes: 64, kind: 2, srcKind: 2, dstKind: 1, start: end - 9 * US, end: end - 7 * US },
    })),
    memsets: each(({ begin }, i) => ({ pid: PID, correlation: 4 * i + 4, bytes: 4096, start: begin + 9 * US, end: begin + 10 * US })),
    syncs: each(({ begin, end }, i) => ({ pid: PID, correlation: 4 * i + 3, type: 2, start: begin + 35 * US, end })),
    apiCalls: each(({ begin, end }, i) => [
      call('cudaMemsetAsync_v3020', 4 * i + 4, begin - 5 * US, begin - 2 * US),
      call('cudaLaunchKernel_v7000', 4 * i + 1, begin, begin + 8 * US),
      call('cudaMemcpyAsync_v3020', 4 * i + 2, begin + 20 * US, begin + 30 * US),
      call('cudaStreamSynchronize_v3020', 4 * i + 3, begin + 35 * US, end),
    ]).flat(),
    osCalls: [
      ...each(({ begin }) => ({ pid: PID, tid: WORKER, name: 'sem_wait', start: begin - 0.5 * MS, end: begin + 0.2 * MS })),
      { pid: PID, tid: WORKER, name: 'read', start: 2 * MS, end: 3 * MS },
    ],
    nvtx: each(({ begin, end }, i) => ({
      pid: PID,
      tid: TID,
      name: `decode batch=${1 + (i % 4)}`,
      start: begin,
      end,
      registered: i % 2 === 0,
    })),
    overheads: [{ pid: PID, tid: TID, name: 'CUPTI Buffer flush', start: 4 * MS, end: 6 * MS }],
  };
}

const epoch = (ns: number): bigint => EPOCH_NS + BigInt(Math.round(ns));

/** Requests that live for eleven steps each; stamps are written as digits, since they exceed 2^53. */
function requests(steps: readonly Step[]): string {
  const tokens = 11;
  return steps
    .slice(0, STEPS - tokens)
    .filter((_, i) => i % 4 === 1)
    .map(({ begin, end }, id) => {
      const ends = steps.slice(4 * id + 1, 4 * id + 1 + tokens).map(step => step.end);
      const itl = ends.slice(1).map((t, k) => (t - (ends[k] ?? t)) / US);
      return (
        `{"id": ${id}, "arrival_ns": ${epoch(begin - 0.2 * MS)}, "scheduled_ns": ${epoch(begin)}, "first_token_ns": ${epoch(end)}, ` +
        `"finish_ns": ${epoch((ends.at(-1) ?? end) + 50 * US)}, "prompt_tokens": 64, "output_tokens": ${tokens}, "itl_us": ${JSON.stringify(itl)}, "status": "ok"}\n`
      );
    })
    .join('');
}

const times = Array.from({ length: 25 }, (_, i) => Number(EPOCH_NS / 1_000_000n) - 1000 + i * 100);
const stamp = (ms: number) => new Date(ms).toISOString().replace('T', ' ').replaceAll('-', '/').replace('Z', '');

/** Writes the run of a tiny server into a folder: trace.sqlite, requests.jsonl, gpu.csv and host.csv. */
export function writeServerRun(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const steps = plan();
  buildTrace(join(folder, 'trace.sqlite'), describe(steps));
  writeFileSync(join(folder, 'requests.jsonl'), requests(steps));
  writeFileSync(
    join(folder, 'gpu.csv'),
    `timestamp, index, name, power.draw.instant [W], clocks.current.sm [MHz], utilization.gpu [%], clocks_event_reasons.active\n${times
      .map(t => `${stamp(t)}, 0, NVIDIA H200, 400.00 W, 1980 MHz, 90 %, 0x0000000000000000\n`)
      .join('')}`,
  );
  writeFileSync(
    join(folder, 'host.csv'),
    `time_ns,cpu_user,cpu_system,cpu_idle,cpu_iowait,disk_read_sectors,pgmajfault,pswpin\n${times
      .map((t, i) => `${t}000000,${1000 + i},${500 + i},${9000 + i},0,7000,10,0\n`)
      .join('')}`,
  );
}
