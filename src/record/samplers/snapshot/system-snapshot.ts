import { existsSync } from 'node:fs';
import { homedir, hostname, release } from 'node:os';
import { join } from 'node:path';
import { System } from '#schema/system';
import { EpochClock } from '../epoch-clock.ts';
import { askSmi, smiFailure } from '../nvidia-smi.ts';
import { linkStatus } from '../nvlink/link-status.ts';
import { containerLimits } from './container.ts';
import { cpuOf } from './cpu.ts';
import { recordedEnvironment } from './environment.ts';
import { gitCommit } from './git-commit.ts';
import { askGpus } from './gpus.ts';
import { smallFiles, wholeNumber } from './small-file.ts';

export interface SnapshotOptions {
  /** Of the workload: an allowed few of its variables are recorded. Also for the programs that are asked. */
  readonly env: NodeJS.ProcessEnv;
  /** Whose git commit is recorded. */
  readonly cwd: string;
  readonly nsysVersion?: string | null;
  /** Where /proc and /sys lie; a test has its own. */
  readonly root?: string;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: nvidia-smi underlines the headings of its matrix.
const ANSI = /\u001b\[[\d;]*m/g;

/** The machine as it is now. Asks nvidia-smi half a dozen times, one after the other, so it belongs before the samplers. */
export async function systemSnapshot({ env, cwd, nsysVersion = null, root = '/' }: SnapshotOptions): Promise<System> {
  const missing: string[] = [];
  const read = smallFiles(root);
  const lacking = <T>(value: T | null | undefined, sentence: string): T | null => {
    if (value === null || value === undefined) missing.push(sentence);
    return value ?? null;
  };
  const asked = async (what: string, ...args: string[]): Promise<string | null> => {
    const answer = await askSmi(args, env);
    const why = smiFailure(answer);
    if (why !== undefined) missing.push(`no ${what}: ${why}`);
    return why === undefined ? answer.stdout : null;
  };

  const gpus = await askGpus(env);
  if ('why' in gpus) missing.push(`no GPUs: ${gpus.why}`);
  // Without GPUs each further question would only repeat the reason.
  const further = 'why' in gpus ? async () => null : asked;
  const topology = await further('topology', 'topo', '-m');
  const links = await further('NVLink status', 'nvlink', '-s');
  const cuda = 'why' in gpus ? null : await cudaVersion(env);

  return System.parse({
    schema: 'forensics.system/1',
    taken_ns: String(new EpochClock().now()),
    driver_version: 'why' in gpus ? null : gpus.driver,
    cuda_version: 'why' in gpus ? null : lacking(cuda, 'no CUDA version: nvidia-smi does not say'),
    gpus: 'why' in gpus ? null : gpus.gpus,
    topology: topology?.replace(ANSI, '').trimEnd() ?? null,
    nvlink: links === null ? null : linkStatus(links),
    kernel: release(),
    cpu: cpuOf(root, read),
    memory_total_kib: lacking(
      wholeNumber(/^MemTotal:\s+(\d+) kB$/m.exec(read('proc/meminfo') ?? '')?.[1]),
      'no memory size: /proc/meminfo cannot be read',
    ),
    node: process.versions.node,
    nsys: nsysVersion,
    environment: recordedEnvironment(env, { hostname: hostname(), home: env['HOME'] ?? homedir(), user: env['USER'] ?? env['LOGNAME'] }),
    git: lacking(await gitCommit(cwd, env), 'no git commit: the folder is no git working tree, or git is not there'),
    container: containerLimits(root, read, env),
    psi: existsSync(join(root, 'proc/pressure/io')),
    perf_event_paranoid: lacking(
      wholeNumber(read('proc/sys/kernel/perf_event_paranoid')),
      'no perf_event_paranoid: /proc/sys/kernel does not have it',
    ),
    rm_profiling_admin_only: lacking(
      adminOnly(read('proc/driver/nvidia/params')),
      'no RmProfilingAdminOnly: /proc/driver/nvidia/params cannot be read',
    ),
    root: process.getuid === undefined ? null : process.getuid() === 0,
    missing,
  } satisfies System);
}

const adminOnly = (params: string | undefined): boolean | null => {
  const value = /^RmProfilingAdminOnly:\s*(\d+)/m.exec(params ?? '')?.[1];
  return value === undefined ? null : value !== '0';
};

/** From `--version`, which lists no processes; older ones say it in their table only. */
async function cudaVersion(env: NodeJS.ProcessEnv): Promise<string | null> {
  for (const args of [['--version'], []]) {
    const { code, stdout } = await askSmi(args, env);
    const version = /CUDA(?: \w+)? Version\s*:\s*([\d.]+)/i.exec(stdout)?.[1];
    if (code === 0 && version !== undefined) return version;
  }
  return null;
}
