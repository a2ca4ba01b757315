import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { main } from '#cli/command-line';

const ROOT = resolve(import.meta.dirname, '..');
/** What users run. */
export const MAIN = resolve(ROOT, 'dist/cli/main.js');

/** Builds what users run, where it was not built already (`npm test` builds first). The children of some commands are built ones, too. */
export function assertBuilt(): void {
  if (!existsSync(MAIN)) execFileSync('npm', ['run', '-s', 'build'], { cwd: ROOT, stdio: 'inherit' });
}

export interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

type Env = Readonly<Record<string, string | undefined>>;

/** The environment of a command: ours, without what says something of colours. */
const environment = (env: Env = {}): NodeJS.ProcessEnv => ({
  ...process.env,
  NO_COLOR: undefined,
  FORCE_COLOR: undefined,
  CI: undefined,
  ...env,
});

/** Runs the command line in this process, with streams that are no terminals. */
export async function runCli(args: readonly string[], env: Env = {}): Promise<Run> {
  const text = { stdout: '', stderr: '' };
  const into = (name: keyof typeof text) => ({
    write: (piece: string) => {
      text[name] += piece;
    },
  });
  const code = await main(args, { stdout: into('stdout'), stderr: into('stderr'), env: environment(env), ownsProcess: false });
  return { code, ...text };
}

/** Runs the command line as users do: built, in a process of its own, its output in pipes. */
export function spawnCli(args: readonly string[], env: Env = {}, cwd = ROOT): Run {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], {
    cwd,
    encoding: 'utf8',
    env: environment(env),
    maxBuffer: 2 ** 28,
  });
  return { code: status, stdout, stderr };
}

const STEPS = /^(reading|looking|finding|summing|gathering|writing|scoring|unpacking|exporting|passed over) /;

/** What a command said about its failure: stderr less its progress, checked to be one sentence with one hint and no stack. */
export function failureOf({ stderr, stdout, code }: Run): { sentence: string; hint: string } {
  const lines = stderr.split('\n').filter(l => l !== '' && !STEPS.test(l));
  const problems = [
    ...(code === 2 ? [] : [`exit code ${code}, not 2`]),
    ...(stdout === '' ? [] : ['something on stdout']),
    ...(lines.some(l => /^\s*at /.test(l)) || stderr.includes('This is a bug') ? ['a stack trace'] : []),
    ...(lines.length === 2 && lines[0]?.startsWith('error ') && lines[1]?.startsWith('      ') ? [] : ['not one sentence and one hint']),
  ];
  if (problems.length > 0) throw new Error(`${problems.join(', ')}:\n${stderr}`);
  return { sentence: lines[0]?.slice('error '.length) ?? '', hint: lines[1]?.trim() ?? '' };
}
