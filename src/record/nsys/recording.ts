import type { Seconds } from '#core/units';
import type { Nsys, Subcommand } from './installed.ts';
import { type Flag, flagText, knownName } from './options.ts';
import { escaped } from './recording-files.ts';

/** When the application, not the clock, says what to record. */
export type CaptureRange = { readonly kind: 'cudaProfilerApi' } | { readonly kind: 'nvtx'; readonly range: string };

/** What to record, in words that do not depend on the version of nsys. */
export interface Recording {
  readonly trace: readonly string[];
  readonly gpuMetrics: boolean;
  readonly range: CaptureRange | undefined;
  /** How many ranges of the application to record. */
  readonly ranges: number;
  /** What the user wants said to nsys, in place of ours where both set the same. */
  readonly extra: readonly Flag[];
}

/**
 * Samples of the GPU metrics a second. nsys takes 10,000 by default: about 3 GB of SQLite in two minutes for each GPU. A thousand
 * resolves what lasts a few milliseconds; --nsys --gpu-metrics-frequency=10000 asks for more.
 */
const GPU_METRICS_HZ = 1000;

/** Options that say what a launched application is to be traced for. */
function applicationFlags(nsys: Nsys, of: Subcommand, what: Recording): Flag[] {
  const table = nsys.options[of];
  const flags: Flag[] = [{ name: 'trace', value: what.trace.join(',') }];
  // Graphs are opaque by default: their kernels would be missing from the trace.
  if (what.trace.includes('cuda') && table.has('cuda-graph-trace')) flags.push({ name: 'cuda-graph-trace', value: 'node' });
  if (what.range?.kind === 'nvtx') flags.push({ name: 'nvtx-capture', value: what.range.range });
  if (table.has('wait')) flags.push({ name: 'wait', value: 'all' });
  return flags;
}

/** Options that say how a collection is to be made. */
function collectionFlags(nsys: Nsys, of: Subcommand, what: Recording, output: string): Flag[] {
  const table = nsys.options[of];
  // CPU sampling made a 2 GB file of a small PyTorch run; what it would tell, no cause asks for.
  const flags: Flag[] = [
    { name: 'output', value: output },
    { name: 'sample', value: 'none' },
    { name: 'cpuctxsw', value: 'none' },
  ];
  const metrics = knownName(table, 'gpu-metrics-devices', 'gpu-metrics-device');
  if (what.gpuMetrics && metrics !== undefined)
    flags.push({ name: metrics, value: 'all' }, { name: 'gpu-metrics-frequency', value: String(GPU_METRICS_HZ) });
  if (what.range !== undefined)
    flags.push(
      { name: 'capture-range', value: what.range.kind },
      { name: 'capture-range-end', value: what.ranges > 1 ? `repeat:${what.ranges}` : 'stop' },
    );
  return flags;
}

/** Ours, with what the user said in its place or added, where this subcommand knows it. */
function merged(nsys: Nsys, of: Subcommand, ours: readonly Flag[], extra: readonly Flag[]): string[] {
  const table = nsys.options[of];
  const theirs = extra.filter(f => table.has(f.name));
  const overridden = new Set(theirs.map(f => f.name));
  return [...ours.filter(f => table.has(f.name) && !overridden.has(f.name)), ...theirs].map(flagText);
}

/**
 * `nsys launch`: the application starts. Nothing is recorded yet, unless a collection waits for the application's own range: nsys
 * sees those only when it was started before the application.
 */
export const launchArgs = (nsys: Nsys, session: string, what: Recording): string[] => [
  'launch',
  `--session${what.range === undefined ? '-new' : ''}=${session}`,
  ...merged(nsys, 'launch', applicationFlags(nsys, 'launch', what), what.extra),
];

/** `nsys start`: a collection begins, or waits for the application's range. */
export const startArgs = (nsys: Nsys, session: string, what: Recording, stem: string): string[] => [
  'start',
  `--session${what.range === undefined ? '' : '-new'}=${session}`,
  ...merged(nsys, 'start', collectionFlags(nsys, 'start', what, escaped(stem)), what.extra),
];

/**
 * `nsys profile`: one collection, whose application lives on after it. Times are in seconds.
 * @param of names of session and recording; with `perRank`, they end in the number that the environment holds as FORENSICS_RANK
 */
export function profileArgs(
  nsys: Nsys,
  what: Recording,
  of: { readonly session: string; readonly stem: string; readonly perRank: boolean },
  window: { readonly delaySeconds: Seconds; readonly durationSeconds: Seconds | undefined },
): string[] {
  const output = `${escaped(of.stem)}${of.perRank ? '-rank%q{FORENSICS_RANK}' : ''}`;
  const flags = [
    // By its session it can be asked to stop before its time.
    { name: 'session-new', value: `${of.session}${of.perRank ? '-%q{FORENSICS_RANK}' : ''}` },
    ...applicationFlags(nsys, 'profile', what),
    ...collectionFlags(nsys, 'profile', what, output),
    { name: 'kill', value: 'none' },
  ];
  // Whole seconds are all that every version takes.
  if (window.delaySeconds > 0) flags.push({ name: 'delay', value: String(Math.round(window.delaySeconds)) });
  if (window.durationSeconds !== undefined)
    flags.push({ name: 'duration', value: String(Math.max(1, Math.round(window.durationSeconds))) });
  return ['profile', ...merged(nsys, 'profile', flags, what.extra)];
}

/** Options that a capture sets itself, with what to use in their place. */
export const RESERVED: Readonly<Record<string, string>> = {
  output: '--out',
  session: 'nothing: a capture names its own session',
  'session-new': 'nothing: a capture names its own session',
  kill: '--stop-workload',
  delay: '--delay',
  duration: '--duration',
  'capture-range': '--capture-range',
  'capture-range-end': '--repeat',
  'nvtx-capture': '--capture-range nvtx:RANGE',
  export: 'nothing: a capture exports by itself',
  'stop-on-exit': 'nothing: a recording ends with its workload',
};
