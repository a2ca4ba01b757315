import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'undici';
import { ForensicsError } from '#core/errors';
import type { Seconds } from '#core/units';
import { until } from '#record/processes/end';
import { whenAborted } from '#record/processes/interruption';
import { killGroup, run } from '#record/processes/run';
import { type Started, start } from '#record/processes/start';
import type { StorageServer } from '#schema/storage-config';

/** Between two questions whether it serves, ms. */
const ASK_MS = 200;
const ANSWER_MS = 5000;
/** For so long a server of an earlier run may take to be gone. */
const STALE_SECONDS: Seconds = 10;

/** Around a server: where its commands run, and where it writes. */
export interface Around {
  /** Of the config. */
  readonly cwd: string;
  readonly logs: string;
  readonly env: NodeJS.ProcessEnv;
  readonly stop: AbortSignal;
}

/** Where it is asked whether it serves. */
function healthOf({ api, url, health }: StorageServer): string {
  return health ?? new URL(api === 'triton' ? '/v2/health/ready' : '/health', url).toString();
}

async function serves(url: string): Promise<boolean> {
  const { origin, pathname, search } = new URL(url);
  const client = new Client(origin);
  try {
    const { statusCode, body } = await client.request({
      path: `${pathname}${search}`,
      method: 'GET',
      headersTimeout: ANSWER_MS,
      bodyTimeout: ANSWER_MS,
    });
    await body.dump();
    return statusCode === 200;
  } catch {
    return false;
  } finally {
    await client.destroy();
  }
}

/** A server that is ours to start and to stop, or one that runs already. */
export class Server {
  readonly #of: StorageServer;
  readonly #name: string;
  readonly #around: Around;
  #child: Started | undefined;
  #starts: number;

  /** @param name of its logs, as L8B-baseline; @param startsBefore how often the experiment has started it already */
  constructor(of: StorageServer, name: string, around: Around, startsBefore: number) {
    this.#starts = startsBefore;
    this.#of = of;
    this.#name = name;
    this.#around = around;
  }

  /** How often it was started. */
  get starts(): number {
    return this.#starts;
  }

  get isOurs(): boolean {
    return this.#of.start !== undefined;
  }

  get runs(): boolean {
    return this.#child !== undefined && this.#child.ending() === undefined;
  }

  /** Starts it, unless it runs already, and waits until it serves. @throws ForensicsError unsupported when it does not in time */
  async start(): Promise<void> {
    const { start: command, env, ready_s } = this.#of;
    if (this.#child !== undefined && this.#child.ending() !== undefined) this.#child = undefined;
    if (command !== undefined && this.#child === undefined) {
      const [program = '', ...args] = command;
      // What an earlier run has left is ended by its watchdog.
      if (!(await this.#isSilent(STALE_SECONDS)))
        throw new ForensicsError(
          'unsupported',
          `${healthOf(this.#of)} answers before ${this.#name} was started`,
          'Stop what listens there, or take start out of the config.',
        );
      this.#starts++;
      const log = join(this.#around.logs, `${this.#name}-${this.#starts}.log`);
      this.#child = await start(program, args, { env: { ...this.#around.env, ...env }, cwd: this.#around.cwd, stdout: log, stderr: log });
    }
    const begun = performance.now();
    while (!(await serves(healthOf(this.#of)))) {
      const ending = this.#child?.ending();
      if (ending !== undefined) throw this.#notThere(`ended by itself (code ${ending.code ?? ending.signal})`);
      if (this.#around.stop.aborted) throw this.#around.stop.reason;
      if (performance.now() - begun > ready_s * 1000) throw this.#notThere(`does not answer at ${healthOf(this.#of)} after ${ready_s} s`);
      await Promise.race([sleep(ASK_MS), whenAborted(this.#around.stop)]);
    }
  }

  #notThere(what: string): ForensicsError {
    const hint = this.isOurs
      ? `Look at ${join(this.#around.logs, `${this.#name}-${this.#starts}.log`)}.`
      : 'Start it, or give its start command in the config.';
    return new ForensicsError('unsupported', `the server ${this.#name} ${what}`, hint);
  }

  /** Ends it, and waits until its port is free: a start that follows must not find the old one. */
  async stop(): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    const { stop, env, stop_s } = this.#of;
    const gone = () => child.ending() !== undefined;
    if (stop !== undefined && !gone()) {
      const [program = '', ...args] = stop;
      await run(program, args, { seconds: stop_s, env: { ...this.#around.env, ...env }, cwd: this.#around.cwd });
    }
    if (!gone()) killGroup(child.pid, 'SIGTERM');
    if (!(await until(gone, stop_s))) killGroup(child.pid, 'SIGKILL');
    await child.ended;
    // What it had started may live on in its group.
    killGroup(child.pid, 'SIGKILL');
    this.#child = undefined;
    await this.#isSilent(stop_s);
  }

  /** Waits until nothing answers any more; says whether that came in time. */
  async #isSilent(seconds: Seconds): Promise<boolean> {
    const begun = performance.now();
    while (await serves(healthOf(this.#of))) {
      if (performance.now() - begun > seconds * 1000) return false;
      await sleep(ASK_MS);
    }
    return true;
  }
}
