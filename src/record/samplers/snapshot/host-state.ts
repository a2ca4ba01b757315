import { existsSync } from 'node:fs';
import { homedir, hostname, release } from 'node:os';
import { join } from 'node:path';
import type { HostState } from '#schema/system';
import { containerLimits } from './container.ts';
import { cpuOf } from './cpu.ts';
import { recordedEnvironment } from './environment.ts';
import { gitCommit } from './git-commit.ts';
import { smallFiles, wholeNumber } from './small-file.ts';

export interface HostOptions {
  /** Of the workload: an allowed few of its variables are recorded. Also for the programs that are asked. */
  readonly env: NodeJS.ProcessEnv;
  /** Whose git commit is recorded. */
  readonly cwd: string;
  readonly nsysVersion?: string | null;
  /** Where /proc and /sys lie; a test has its own. */
  readonly root?: string;
}

/** All of a machine that is no GPU, as it is now. */
export async function hostState({ env, cwd, nsysVersion = null, root = '/' }: HostOptions): Promise<HostState> {
  const missing: string[] = [];
  const read = smallFiles(root);
  const lacking = <T>(value: T | null | undefined, sentence: string): T | null => {
    if (value === null || value === undefined) missing.push(sentence);
    return value ?? null;
  };
  return {
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
  };
}

const adminOnly = (params: string | undefined): boolean | null => {
  const value = /^RmProfilingAdminOnly:\s*(\d+)/m.exec(params ?? '')?.[1];
  return value === undefined ? null : value !== '0';
};
