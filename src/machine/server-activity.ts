/** What one GPU did while a server was watched. */
export interface GpuActivity {
  readonly gpu: number;
  /** As the driver calls it. */
  readonly name: string | undefined;
  /** Median of the readings. */
  readonly memoryUsedMib: number | undefined;
  readonly memoryTotalMib: number | undefined;
  /** Share of the time in which a kernel ran, 0 to 100, as nvidia-smi tells it: mean of the readings. */
  readonly utilizationPct: number | undefined;
  readonly readings: number;
}

/** A server and its GPUs over a stretch of seconds. */
export interface ServerActivity {
  readonly gpus: readonly GpuActivity[];
  /** Whether requests were in flight all the time: an idle GPU is no fault otherwise. */
  readonly isUnderLoad: boolean;
  /** Output tokens a second that the server gave. */
  readonly tokensPerS: number | undefined;
  /** The least that is expected of it, output tokens a second. */
  readonly expected: number | undefined;
}

/** From here on less than expected is a fault: the multi-GPU guide's "less than 50 % of expected performance". */
const TOO_LITTLE = 0.5;
/** From here on a GPU is busy throughout: the guide's example of it shows 95 %; 90 leaves room for the time between two requests. */
export const BUSY_PCT = 90;
/**
 * What a GPU holds that has no part of the model, as a share of what the fullest holds: a context and its libraries take about 1 GiB, the share of a model
 * that is worth several GPUs ten times as much (the guide's example: 1 GB beside 42).
 */
const WITHOUT_MODEL = 0.1;
/** A GPU that serves is in kernels for a good part of the time, and spins in collectives for the rest; below this it does nothing of it. */
const IDLE_PCT = 5;
/** What a GPU must hold for others to be called empty beside it, MiB: a desktop or a few contexts hold less. */
export const HOLDS_MODEL_MIB = 4096;

/** Whether a server gives less than half of what is expected; false where nothing is expected. */
export const isSlow = ({ tokensPerS, expected }: ServerActivity): boolean =>
  tokensPerS !== undefined && expected !== undefined && tokensPerS < TOO_LITTLE * expected;

/** The mean utilization over all GPUs, in %; undefined where one of them tells none. */
export function meanUtilization({ gpus }: ServerActivity): number | undefined {
  const told = gpus.flatMap(g => g.utilizationPct ?? []);
  return told.length === 0 || told.length < gpus.length ? undefined : told.reduce((sum, pct) => sum + pct, 0) / told.length;
}

/** GPUs that have no part of the model, or nothing to do while others work. */
export function idleGpus({ gpus, isUnderLoad }: ServerActivity): readonly GpuActivity[] {
  const fullest = Math.max(...gpus.map(g => g.memoryUsedMib ?? 0));
  const busiest = Math.max(...gpus.map(g => g.utilizationPct ?? 0));
  const isEmpty = (g: GpuActivity) =>
    g.memoryUsedMib !== undefined && fullest >= HOLDS_MODEL_MIB && g.memoryUsedMib < WITHOUT_MODEL * fullest;
  const isStill = (g: GpuActivity) =>
    isUnderLoad && g.utilizationPct !== undefined && g.utilizationPct < IDLE_PCT && busiest > 4 * IDLE_PCT;
  return gpus.filter(g => isEmpty(g) || isStill(g));
}

/** GPUs that serve: all but the idle ones. */
export function servingGpus(activity: ServerActivity): readonly GpuActivity[] {
  const idle = new Set(idleGpus(activity));
  return activity.gpus.filter(g => !idle.has(g));
}
