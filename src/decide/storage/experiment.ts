/** Hypotheses that an experiment makes runs for; the others are read from those. */
export type Design = 'h0' | 'h1' | 'h2' | 'h4' | 'h5' | 'h6';

/** The harness' figures of a run over its measured window, and what goes with them; null where the machine does not tell: never 0 for unknown. */
export interface RunFigures {
  readonly io_wait_pct: number | null;
  readonly r_await_ms: number | null;
  /** Reads of the device a second. */
  readonly rps_storage: number | null;
  readonly read_mib_per_s: number | null;
  readonly major_faults_per_s: number | null;
  readonly swap_in_pages_per_s: number | null;
  readonly psi_mem_some_pct: number | null;
}

/** Which adapters a run asked for, and what the disk read meanwhile, from before its first request until after its last answer. */
export interface AdapterReads {
  /** Name of the adapter of each request, in the order in which they were sent, warm-up included. */
  readonly accesses: readonly string[];
  /** Read commands that the controller completed (SMART), else reads of the device as the kernel counts them. */
  readonly host_reads: number | null;
  readonly read_bytes: number | null;
  /** Mean size of the weights of an adapter; null where no files are known. */
  readonly adapter_bytes: number | null;
}

/** One arm of one hypothesis, once, with all its requests: the unit of every test. Requests of one run share its luck, and are no repetitions. */
export interface StorageRun {
  readonly id: string;
  readonly model: string;
  readonly design: Design;
  /** As the plan words it: "concurrency-8", "cold", "16-random". */
  readonly arm: string;
  /** The repeat: all arms of a block ran before the next one began. */
  readonly block: number;
  /** What the arm sets: requests in flight (h0), tokens or bytes held at once (h2), rank of the contention (h4), adapters (h5). */
  readonly level: number | null;
  readonly session: 'random' | 'sticky' | null;
  /** Names the load, the same for runs that were asked for the same: prompts, and requests in flight or a second. */
  readonly load: string;
  /** Of answers that came whole in the measured window, from the intended start, ascending. */
  readonly ttft_ms: Float64Array;
  readonly e2e_ms: Float64Array;
  /** Requests of the window that failed or were given up: slower than all that came. */
  readonly lost: number;
  /** Whole answers a second. */
  readonly answers_per_s: number;
  readonly figures: RunFigures;
  readonly adapters: AdapterReads | null;
}

/** All runs of one model that may be judged. */
export interface Experiment {
  readonly model: string;
  readonly runs: readonly StorageRun[];
  /** Unit of the levels of h2: bytes where the size of a token's cache is known. */
  readonly working_set_unit: 'tokens' | 'bytes';
}

export const runsOf = ({ runs }: Experiment, ...designs: readonly Design[]): readonly StorageRun[] =>
  runs.filter(run => designs.includes(run.design));
