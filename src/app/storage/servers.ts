import { readdirSync } from 'node:fs';
import { probeTarget } from '#app/load-test/run-load-test';
import type { Target } from '#record/load-test/generator/target';
import { Server } from '#record/storage/server/server';
import type { StorageStep } from '#schema/storage-plan';
import type { Experiment } from './read-config.ts';
import { plainTarget } from './step-load.ts';

/** The servers of an experiment, each made when it is first wanted. */
export class Servers {
  readonly #experiment: Experiment;
  readonly #around: { readonly logs: string; readonly env: NodeJS.ProcessEnv; readonly stop: AbortSignal };
  readonly #made = new Map<string, Server>();
  readonly #targets = new Map<string, Target>();

  constructor(experiment: Experiment, around: { readonly logs: string; readonly env: NodeJS.ProcessEnv; readonly stop: AbortSignal }) {
    this.#experiment = experiment;
    this.#around = around;
  }

  #nameOf = ({ model, server }: StorageStep): string => `${model}-${server}`;
  #config(step: StorageStep) {
    const config = this.#experiment.config.models[step.model]?.[step.server];
    if (config === undefined) throw new Error(`the plan names a server that the config has not: ${this.#nameOf(step)}`);
    return config;
  }

  of = (step: StorageStep): Server => {
    const name = this.#nameOf(step);
    const made = this.#made.get(name);
    if (made !== undefined) return made;
    const before = readdirSync(this.#around.logs).filter(log => log.startsWith(`${name}-`)).length;
    const server = new Server(this.#config(step), name, { ...this.#around, cwd: this.#experiment.folder }, before);
    this.#made.set(name, server);
    return server;
  };

  /** A server that has served once is known: another probe would only disturb it. */
  targetOf = async (step: StorageStep): Promise<Target> => {
    const name = this.#nameOf(step);
    const known = this.#targets.get(name) ?? (await probeTarget(plainTarget(this.#config(step)), () => {}));
    this.#targets.set(name, known);
    return known;
  };

  stopAll = async (but?: StorageStep): Promise<void> => {
    const spared = but === undefined ? undefined : this.#nameOf(but);
    await Promise.all([...this.#made].filter(([name]) => name !== spared).map(([, server]) => server.stop()));
  };
}
