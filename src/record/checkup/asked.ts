import { ForensicsError } from '#core/errors';
import type { Seconds } from '#core/units';
import { type Answer, run } from '#record/processes/run';
import { type Started, start } from '#record/processes/start';
import { inUtc } from '#record/samplers/nvidia-smi';

/** A machine that can be asked: this one, or another that ssh reaches. Nothing is installed there. */
export interface AskedMachine {
  readonly by: 'here' | 'ssh';
  /** Runs a short command there; never throws, a program that is missing is an answer too. */
  ask(words: readonly string[], seconds: Seconds): Promise<Answer>;
  /**
   * Starts a command there whose output goes to files here. It ends by itself after `seconds`, whatever becomes of us.
   * @throws ForensicsError not-found
   */
  start(words: readonly string[], seconds: Seconds, into: { readonly stdout: string; readonly stderr: string }): Promise<Started>;
}

/** Of coreutils and busybox: ends what it starts. */
const bounded = (words: readonly string[], seconds: Seconds): readonly string[] => ['timeout', String(Math.ceil(seconds)), ...words];

/** This machine. */
export const thisMachine = (env: NodeJS.ProcessEnv): AskedMachine => ({
  by: 'here',
  ask: ([command = '', ...args], seconds) => run(command, args, { seconds, env: inUtc(env) }),
  start: (words, seconds, into) => {
    const [command = '', ...args] = bounded(words, seconds);
    return start(command, args, { env: inUtc(env), ...into });
  },
});

/** Seconds until a host that does not answer is given up. */
const CONNECT_SECONDS = 10;
/** What ssh ends with when it could not connect, or not log in. */
const SSH_FAILED = 255;
/** No question for a password: there is nobody to answer it. */
const SSH = ['-T', '-o', 'BatchMode=yes', '-o', `ConnectTimeout=${CONNECT_SECONDS}`, '--'];

/** A word for the shell of the other side. */
const quoted = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);
const line = (words: readonly string[]): string => ['TZ=UTC', 'LC_ALL=C', ...words.map(quoted)].join(' ');

/**
 * Another machine, over the ssh of this system, with its configuration and keys.
 * @param host as for ssh: a name of its configuration, `user@host`, `ssh://user@host:port`
 * @throws ForensicsError bad-argument for what ssh would take for an option
 */
export function overSsh(host: string, env: NodeJS.ProcessEnv): AskedMachine {
  if (host.startsWith('-') || !/^[\w@.:%/[\]-]+$/.test(host))
    throw new ForensicsError('bad-argument', `${host} is no host for ssh`, 'Name one as for ssh: HOST, USER@HOST or ssh://USER@HOST:PORT.');
  return {
    by: 'ssh',
    ask: (words, seconds) => run('ssh', [...SSH, host, line(words)], { seconds: seconds + CONNECT_SECONDS, env }),
    start: (words, seconds, into) => start('ssh', [...SSH, host, line(bounded(words, seconds))], { env, ...into }),
  };
}

/** Why ssh did not reach the other side; undefined where it did, and where nothing had to be reached. */
export function unreached({ by }: AskedMachine, { code, stderr, late }: Answer): string | undefined {
  if (by === 'here') return undefined;
  if (late) return 'ssh did not answer in time';
  if (code === undefined) return 'ssh is not on PATH';
  return code === SSH_FAILED ? `ssh says ${JSON.stringify(stderr.trim().split('\n').at(-1)?.slice(0, 160) ?? '')}` : undefined;
}
