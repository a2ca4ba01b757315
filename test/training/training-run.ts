import { rng } from '#test/collectives-sample';
import type {
  SyntheticApiCall,
  SyntheticCall,
  SyntheticCopy,
  SyntheticKernel,
  SyntheticRange,
  TraceDescription,
} from '#test/synthetic-trace';

const US = 1000;
const MS = 1_000_000;
const MIB = 2 ** 20;

/** What happens to one rank before it launches a step. */
export type Planted = 'loader' | 'loader with its worker' | 'checkpoint' | 'copies without a file' | 'gc' | 'lock';

export interface TrainingRun {
  readonly ranks: number;
  readonly steps: number;
  readonly seed?: number;
  readonly faults?: readonly { readonly rank: number; readonly step: number; readonly kind: Planted; readonly ms?: number }[];
  /** What marks the steps; all but ranges where left out. */
  readonly marks?: { readonly ranges?: boolean; readonly optimizer?: boolean; readonly gradients?: boolean; readonly backward?: boolean };
  /** Every so many steps one holds twice the forward work, as an evaluation does. */
  readonly evaluateEach?: number;
  /** Steps in which a collective itself takes FAULT_MS longer, on every rank. */
  readonly slowCollectives?: readonly number[];
  /** No two steps hold as much work. */
  readonly irregular?: boolean;
  /** The ranges hold the forward pass only. */
  readonly partRanges?: boolean;
  /** What the program calls the range around its copies to the host and what follows them; none where left out. */
  readonly saveRange?: string;
  /** Names of the GPUs; H200s where left out. */
  readonly gpus?: readonly string[];
}

const FORWARD = 12;
const BACKWARD = 12;
const REDUCES = 3;
const OPTIMIZER = 4;
const KERNEL = 150 * US;
const LAUNCH = 6 * US;
const TRANSFER = 300 * US;
const CHUNKS = 6;
export const FAULT_MS = 200;

const pidOf = (rank: number): number => 1000 + rank;
export const workerPidOf = (rank: number): number => 3000 + rank;

/** One rank: where its host and its GPU have got to, and all that is recorded of it. */
interface State {
  readonly rank: number;
  host: number;
  gpu: number;
  correlation: number;
  pinFrom: number;
}

/**
 * A data-parallel training as its trace would show it: each step takes a batch from the loader, launches forward and backward passes, adds gradients up
 * over all ranks while it does, steps the optimizer and reads the loss back.
 */
export class TrainingTrace {
  readonly kernels: SyntheticKernel[] = [];
  readonly copies: SyntheticCopy[] = [];
  readonly apiCalls: SyntheticApiCall[] = [];
  readonly osCalls: SyntheticCall[] = [];
  readonly nvtx: SyntheticRange[] = [];
  /** When each fault held its rank up, ns. */
  readonly truth: { readonly rank: number; readonly step: number; readonly start: number; readonly end: number }[] = [];
  private readonly states: State[];
  private readonly random: () => number;

  private readonly run: TrainingRun;

  constructor(run: TrainingRun) {
    this.run = run;
    this.random = rng(run.seed ?? 1);
    this.states = Array.from({ length: run.ranks }, (_, rank) => ({ rank, host: 5 * MS, gpu: 0, correlation: 1, pinFrom: 5 * MS }));
    for (let step = 0; step < run.steps; step++) this.step(step);
  }

  private marks() {
    const { ranges = false, optimizer = true, gradients = this.run.ranks > 1, backward = true } = this.run.marks ?? {};
    return { ranges, optimizer, gradients, backward };
  }

  private jitter = (most: number) => Math.round(this.random() * most);

  private os(s: State, name: string, ns: number, tid = pidOf(s.rank), pid = pidOf(s.rank), start = s.host): void {
    this.osCalls.push({ start, end: start + ns, pid, tid, name });
  }

  private launch(s: State, name: string, length: number, stream = 7, shape = 1): SyntheticKernel {
    this.apiCalls.push({
      start: s.host,
      end: s.host + LAUNCH - US,
      pid: pidOf(s.rank),
      tid: pidOf(s.rank),
      correlation: s.correlation,
      name: 'cudaLaunchKernel',
    });
    s.host += LAUNCH;
    const start = Math.max(s.gpu + US, s.host + 4 * US);
    const kernel = {
      start,
      end: start + length,
      pid: pidOf(s.rank),
      correlation: s.correlation++,
      name,
      device: s.rank,
      stream,
      grid: [shape, 1, 1] as const,
    };
    this.kernels.push(kernel);
    if (stream === 7) s.gpu = kernel.end;
    return kernel;
  }

  private copyBack(s: State, bytes: number, length: number): void {
    const start = Math.max(s.gpu + US, s.host + 4 * US);
    this.apiCalls.push({
      start: s.host,
      end: start + length + 2 * US,
      pid: pidOf(s.rank),
      tid: pidOf(s.rank),
      correlation: s.correlation,
      name: 'cudaMemcpyAsync',
    });
    this.copies.push({
      start,
      end: start + length,
      pid: pidOf(s.rank),
      correlation: s.correlation++,
      bytes,
      kind: 2,
      srcKind: 2,
      dstKind: 0,
      device: s.rank,
    });
    s.gpu = start + length;
    s.host = s.gpu + 3 * US;
  }

  /** What a fault does on the host, before the step is launched. */
  private fault(s: State, kind: Planted, ns: number): void {
    switch (kind) {
      case 'gc':
        s.host += ns;
        return;
      case 'lock':
        this.os(s, 'pthread_mutex_lock', ns);
        s.host += ns + US;
        return;
      case 'loader':
      case 'loader with its worker':
        if (kind !== 'loader') this.os(s, 'clock_nanosleep', ns - 20 * US, workerPidOf(s.rank), workerPidOf(s.rank));
        this.os(s, 'sem_clockwait', ns);
        s.host += ns;
        return;
      default: {
        const each = Math.round(ns / (2 * CHUNKS));
        for (let k = 0; k < CHUNKS; k++) {
          this.copyBack(s, 64 * MIB, Math.round(each / 2));
          s.host += Math.round(each / 2);
        }
        if (kind === 'checkpoint') {
          this.os(s, 'write', Math.round(ns / 4));
          s.host += Math.round(ns / 4);
          this.os(s, 'close', Math.round(ns / 4));
          s.host += Math.round(ns / 4);
        } else s.host += Math.round(ns / 2);
      }
    }
  }

  private step(step: number): void {
    const { faults = [], evaluateEach, slowCollectives = [], irregular = false } = this.run;
    const { ranges, optimizer, gradients, backward } = this.marks();
    const begun = this.states.map(s => {
      const at = s.host;
      const planted = faults.filter(f => f.rank === s.rank && f.step === step);
      for (const { kind, ms = FAULT_MS } of planted) {
        const from = s.host;
        this.fault(s, kind, ms * MS);
        const { saveRange } = this.run;
        if (saveRange !== undefined && kind.startsWith('c'))
          this.nvtx.push({ start: from, end: s.host, pid: pidOf(s.rank), tid: pidOf(s.rank), name: saveRange });
        this.truth.push({ rank: s.rank, step, start: from, end: s.host });
      }
      if (!planted.some(f => f.kind.startsWith('loader'))) {
        const wait = 30 * US + this.jitter(20 * US);
        this.os(s, 'sem_clockwait', wait);
        s.host += wait;
      }
      // The loader's thread gets its batch just before it hands it over.
      this.os(s, 'poll', s.host - 10 * US - s.pinFrom, 2000 + s.rank, pidOf(s.rank), s.pinFrom);
      s.pinFrom = s.host;
      s.host += 20 * US + this.jitter(100 * US);
      const twice = evaluateEach !== undefined && step % evaluateEach === evaluateEach - 1 ? 2 : irregular ? 1 + ((step * 7) % 11) : 1;
      for (let k = 0; k < FORWARD * twice; k++) this.launch(s, `gemm_${k % 3}`, KERNEL + this.jitter(3 * US), 7, k % 3);
      return { from: at, launched: s.host };
    });
    for (let bucket = 0; bucket < REDUCES; bucket++) {
      for (const s of this.states)
        for (let k = 0; k < BACKWARD / REDUCES; k++)
          this.launch(s, backward ? 'layer_norm_backward' : 'gemm_long', 2 * KERNEL + this.jitter(5 * US), 7, k);
      if (gradients) this.reduce(bucket === 0 && slowCollectives.includes(step) ? FAULT_MS * MS : 0);
    }
    for (const [k, s] of this.states.entries()) {
      if (optimizer) for (let n = 0; n < OPTIMIZER; n++) this.launch(s, 'multi_tensor_apply_kernel', KERNEL);
      this.copyBack(s, 4, 2 * US);
      const { from, launched } = begun[k] ?? { from: 0, launched: 0 };
      const to = this.run.partRanges === true ? launched : s.host;
      if (ranges) this.nvtx.push({ start: from, end: to, pid: pidOf(s.rank), tid: pidOf(s.rank), name: `train step ${step}` });
    }
  }

  /** All ranks add their gradients up: those that come first spin until the last one has come. */
  private reduce(longer: number): void {
    const entered = this.states.map(s => this.launch(s, 'ncclDevKernel_AllReduce_Sum_f32_RING_LL', 0, 20));
    const starts = entered.map((k, r) => Math.max(k.start, (this.states[r]?.gpu ?? 0) + US));
    const end = Math.max(...starts) + TRANSFER + longer;
    for (const [r, kernel] of entered.entries()) {
      this.kernels[this.kernels.indexOf(kernel)] = { ...kernel, start: starts[r] ?? 0, end: end + this.jitter(US) };
      const state = this.states[r];
      // The next kernels need the sum.
      if (state !== undefined) state.gpu = end + US;
    }
  }

  description(): Omit<TraceDescription, 'version'> {
    const ranks = this.states.map(s => s.rank);
    return {
      epochNs: 1_795_312_124_597_845_000n,
      gpus: this.run.gpus ?? ranks.map(() => 'NVIDIA H200'),
      processes: ranks.map(r => ({ pid: pidOf(r), name: 'python3' })),
      threads: ranks.flatMap(r => [
        { pid: pidOf(r), tid: pidOf(r), name: 'python3' },
        { pid: pidOf(r), tid: 2000 + r, name: 'pt_data_pin' },
        { pid: workerPidOf(r), tid: workerPidOf(r), name: 'pt_data_worker' },
      ]),
      kernels: this.kernels,
      copies: this.copies,
      apiCalls: this.apiCalls,
      osCalls: this.osCalls,
      nvtx: this.nvtx,
    };
  }
}
