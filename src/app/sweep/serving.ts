import { probeTarget } from '#app/load-test/run-load-test';
import type { Target } from '#record/load-test/generator/target';
import { unlessAborted } from '#record/processes/interruption';
import { preemptionsSoFar } from '#record/serving/preemptions';
import { type NotUp, restartServer } from '#record/serving/restart';
import type { SweepPlan } from '#schema/sweep-plan';

/** Settings of the load; any other is one of the server. */
export const LOAD_SETTINGS: readonly string[] = ['concurrency', 'rate', 'prompt tokens', 'output tokens'];

/** What a server is started and asked with. */
export interface Surrounding {
  readonly env: NodeJS.ProcessEnv;
  readonly stop: AbortSignal;
  readonly tell: (step: string) => void;
}

/** The server of a sweep: with which setting it runs, and what it is. */
export class Serving {
  readonly #plan: SweepPlan;
  readonly #asked: Target;
  readonly #around: Surrounding;
  #setting: string | undefined;
  #known: Target | undefined;

  constructor(plan: SweepPlan, asked: Target, around: Surrounding) {
    this.#plan = plan;
    this.#asked = asked;
    this.#around = around;
  }

  /** Brings it up with a setting, where the plan says how, and it is not so already. @returns why it did not come up @throws the reason of `stop` */
  async with(value: string): Promise<NotUp | undefined> {
    const { server, over } = this.#plan;
    const { env, stop, tell } = this.#around;
    if (server === undefined || this.#setting === value) return undefined;
    // A setting of the load leaves the server as it is, once it is up.
    if (LOAD_SETTINGS.includes(over) && this.#setting !== undefined) return undefined;
    tell('starting the server');
    this.#known = undefined;
    const command = server.restart.map(word => word.replaceAll('{value}', value));
    const not_up = await restartServer({ command, readyUrl: server.ready_url, seconds: server.ready_within_s }, env, stop);
    this.#setting = not_up === undefined ? value : undefined;
    return not_up;
  }

  /** What it is, asked once after each start. @throws ForensicsError not-found, bad-argument, unsupported */
  async known(): Promise<Target> {
    this.#known ??= await unlessAborted(this.#around.stop, probeTarget(this.#asked, this.#around.tell));
    return this.#known;
  }

  /** How often it has thrown requests out of its KV cache since it began; undefined where it does not tell. */
  preemptions(): Promise<number | undefined> {
    return preemptionsSoFar(this.#asked.origin);
  }
}
