import { resolve } from 'node:path';
import { ForensicsError } from '#core/errors';
import type { Ms, Seconds } from '#core/units';
import type { Plan } from '#record/capture/journal';
import { type Launcher, launcherOf } from '#record/capture/launchers';
import { chooseMethod } from '#record/capture/method';
import { PRESETS, type PresetName } from '#record/capture/presets';
import type { RecordOptions } from '#record/capture/record-options';
import type { Nsys } from '#record/nsys/installed';
import { type Flag, flagText, parseFlags } from '#record/nsys/options';
import { type CaptureRange, RESERVED } from '#record/nsys/recording';
import { redactArgv } from '#record/redaction/argv';
import { redactText } from '#record/redaction/redact-text';
import type { Secrets } from '#record/redaction/secrets';

/** The options of `forensics capture`, by their names there. Intervals of samples are milliseconds, all other times seconds. */
export interface CaptureOptions {
  readonly preset: PresetName;
  readonly delay: Seconds;
  readonly duration?: Seconds | undefined;
  readonly repeat: number;
  readonly every?: Seconds | undefined;
  readonly captureRange?: string | undefined;
  readonly reportPer?: 'node' | 'rank' | undefined;
  readonly stopWorkload: boolean;
  readonly leaveWorkload: boolean;
  readonly load?: string | undefined;
  readonly loadLead: Seconds;
  readonly loadLimit: Seconds;
  readonly requests?: string | undefined;
  readonly ready?: string | undefined;
  readonly control?: 'before' | 'after' | undefined;
  readonly nsys: readonly string[];
  readonly redact: boolean;
  readonly keepEnv: readonly string[];
  readonly nsysPath?: string | undefined;
  readonly gpuMetrics: 'auto' | 'on' | 'off';
  readonly gpuInterval: Ms;
  readonly hostInterval: Ms;
  /** An nsys that has done nothing for so long is given up. */
  readonly nsysTimeout: Seconds;
  /** How long the workload may take to end when asked to. */
  readonly stopGrace: Seconds;
  /** Whether a capture whose trace would be useless is refused. */
  readonly checks: boolean;
}

const refuse = (what: string, hint: string) => new ForensicsError('bad-argument', what, hint);

/** What of the application's own ranges opens and closes the window: `cudaProfilerApi`, `nvtx:RANGE` or `nvtx:RANGE@DOMAIN`. */
function rangeOf(text: string | undefined): CaptureRange | undefined {
  if (text === undefined) return undefined;
  if (text === 'cudaProfilerApi') return { kind: 'cudaProfilerApi' };
  const [, range] = /^nvtx:(.+)$/.exec(text) ?? [];
  if (range === undefined) throw refuse(`--capture-range ${text} makes no sense`, 'Say cudaProfilerApi, or nvtx:RANGE.');
  return { kind: 'nvtx', range };
}

function extraFlags(words: readonly string[], nsys: Nsys): Flag[] {
  const { flags, strange } = parseFlags(words, [nsys.options.launch, nsys.options.start, nsys.options.profile]);
  if (strange.length > 0)
    throw refuse(
      `nsys ${nsys.version} does not know ${strange.join(' ')}`,
      'What follows --nsys, up to the --, goes to nsys. See `nsys profile --help`.',
    );
  for (const { name } of flags)
    if (RESERVED[name] !== undefined) throw refuse(`--${name} of nsys is set by the capture`, `Use ${RESERVED[name]}.`);
  return flags;
}

function assertSense(o: CaptureOptions, range: CaptureRange | undefined): void {
  if (o.repeat > 1 && range === undefined && o.duration === undefined)
    throw refuse('--repeat needs --duration', 'Give the length of each window.');
  if (o.repeat > 1 && range === undefined && o.every === undefined)
    throw refuse('--repeat needs --every', 'Give the time from the beginning of one window to that of the next, such as --every 10m.');
  if (o.every !== undefined && o.duration !== undefined && o.every <= o.duration)
    throw refuse(`--every (${o.every} s) must be longer than --duration (${o.duration} s)`, 'nsys also needs time to write its recording.');
  if (o.every !== undefined && o.repeat <= 1) throw refuse('--every needs --repeat', 'Give the number of windows, such as --repeat 6.');
  if (o.stopWorkload && o.leaveWorkload) throw refuse('--stop-workload and --leave-workload exclude each other', 'Choose one.');
  if (o.control !== undefined && o.load === undefined && o.requests === undefined && o.duration === undefined)
    throw refuse('--control needs results to compare', 'Give --load, --requests or --duration.');
  if (o.control === 'after' && !o.stopWorkload)
    throw refuse(
      '--control after runs the workload again, so the recorded one must be stopped',
      'Add --stop-workload, or use --control before.',
    );
}

/** What of the record options follows from the command line and the nsys that is installed. */
export type Request = Pick<
  RecordOptions,
  'plan' | 'command' | 'clean' | 'load' | 'recording' | 'nsys' | 'ranks' | 'everySeconds' | 'ready'
>;

/** What is known of the machine, and must not be told of it. */
export interface RequestContext {
  readonly nsys: Nsys;
  readonly version: string;
  /** Whether GPU metrics are wanted and can be had. */
  readonly gpuMetrics: boolean;
  /** Whether there is anything to trace with CUDA. */
  readonly hasCuda: boolean;
  readonly secrets: Secrets;
}

/** The launcher in front of the workload, and whether each of its ranks gets an nsys of its own. @throws ForensicsError bad-argument */
function ranksOf(command: readonly string[], o: CaptureOptions): { readonly launcher: Launcher | undefined; readonly perRank: boolean } {
  const launcher = launcherOf(command);
  const perRank = (o.reportPer ?? (launcher === undefined || launcher.name === 'torchrun' ? 'node' : 'rank')) === 'rank';
  if (!perRank) return { launcher, perRank };
  if (launcher?.name !== 'srun' && launcher?.name !== 'mpirun')
    throw refuse(
      '--report-per rank needs srun or mpirun in front of the program',
      'Ranks of torchrun start on this host: one recording holds them all.',
    );
  if (launcher.mixed)
    throw refuse(
      `${launcher.name} starts several programs here, and only the first could be recorded`,
      'Use --report-per node, or put `forensics capture` in front of one program.',
    );
  if (launcher.programAt === command.length) throw refuse(`${launcher.name} has nothing to run`, 'Name the program after its options.');
  if (o.ready !== undefined) throw refuse('--ready cannot be waited for where each rank has its own nsys', 'Use --delay.');
  return { launcher, perRank };
}

/** What nsys is to trace. MPI is there only with a launcher of it; tracing what is not there makes nsys complain. */
const tracedApis = (preset: PresetName, launcher: Launcher | undefined, hasCuda: boolean): string[] =>
  PRESETS[preset].trace.filter(
    api =>
      (hasCuda || !['cuda', 'cudnn', 'cublas'].includes(api)) &&
      (!['mpi', 'ucx'].includes(api) || launcher?.name === 'srun' || launcher?.name === 'mpirun'),
  );

/**
 * Makes a plan of a command line.
 * @throws ForensicsError bad-argument, unsupported
 */
export function captureRequest(command: readonly string[], o: CaptureOptions, context: RequestContext): Request {
  const { nsys } = context;
  const range = rangeOf(o.captureRange);
  assertSense(o, range);
  const { launcher, perRank } = ranksOf(command, o);
  const windows = range === undefined ? o.repeat : 1;
  const { method, why } = chooseMethod(nsys, { perRank, repeat: windows, duration: o.duration });
  if (method === 'profile' && o.ready !== undefined)
    throw new ForensicsError(
      'unsupported',
      `nsys ${nsys.version} cannot open a window on command, which --ready needs`,
      'Use --delay, or a newer nsys.',
    );
  const extra = extraFlags(o.nsys, nsys);
  const clean = (text: string) => (o.redact ? redactText(text, context.secrets) : text);
  const plan: Plan = {
    version: context.version,
    command: o.redact ? redactArgv(command).map(clean) : [...command],
    preset: o.preset,
    nsys: { path: nsys.path, version: nsys.version, method, why, flags: extra.map(flagText).map(clean) },
    delay_s: o.delay,
    duration_s: o.duration ?? null,
    windows,
    per_rank: perRank,
    requests: o.requests === undefined ? null : resolve(o.requests),
    load: o.load === undefined ? null : clean(o.load),
    control: o.control ?? null,
    afterwards: o.stopWorkload ? 'stop' : o.leaveWorkload ? 'leave' : 'wait',
    redact: o.redact,
    keep_env: [...o.keepEnv],
  };
  const trace = tracedApis(o.preset, launcher, context.hasCuda);
  return {
    plan,
    command,
    clean,
    load: o.load === undefined ? undefined : { command: o.load, leadSeconds: o.loadLead, limitSeconds: o.loadLimit },
    recording: { trace, gpuMetrics: context.gpuMetrics, range, ranges: range === undefined ? 1 : o.repeat, extra },
    nsys,
    ranks: perRank ? launcher : undefined,
    everySeconds: o.every ?? 0,
    ready: o.ready,
  };
}
