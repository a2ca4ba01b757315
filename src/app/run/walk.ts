import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { ForensicsError } from '#core/errors';
import type { StopSignals } from '#record/processes/interruption';
import type { RunContext, RunStep } from './context.ts';
import { Markers } from './markers.ts';
import type { Place } from './place.ts';
import type { RunRequest } from './request.ts';
import { logTo, withoutSecrets } from './run-log.ts';
import { type Server, startServer } from './server.ts';
import { serverWish } from './server-wish.ts';
import { stepsOf } from './steps.ts';

/** Goes through the steps of one run. */
export class Walk {
  readonly #request: RunRequest;
  readonly #place: Place;
  readonly #signals: StopSignals;
  readonly #tell: (step: string) => void;
  readonly #markers: Markers;
  readonly #sessionTag: string;
  readonly #failed: { step: string; reason: string }[] = [];
  #server: Promise<Server> | undefined;
  /** Whether something was done anew, so that what follows from it is stale. */
  #isFresh = false;
  /** Why no more is measured. */
  #blocked: string | undefined;

  constructor(request: RunRequest, place: Place, sessionTag: string, signals: StopSignals, tell: (step: string) => void) {
    this.#request = request;
    this.#place = place;
    this.#sessionTag = sessionTag;
    this.#signals = signals;
    this.#tell = tell;
    this.#markers = new Markers(place, request.planHash);
  }

  async go(): Promise<readonly { step: string; reason: string }[]> {
    try {
      for (const step of stepsOf(this.#request.plan, this.#request.load)) await this.#take(step);
      return this.#failed;
    } finally {
      await this.#endServer();
    }
  }

  async #take(step: RunStep): Promise<void> {
    if (this.#signals.stop.aborted) throw this.#signals.stop.reason;
    if (!step.asksServer) await this.#endServer();
    if (!(step.kind === 'derived' && this.#isFresh) && (await this.#markers.holds(step.id))) {
      this.#tell(`${step.id}: done before`);
      return;
    }
    if (step.kind === 'measured' && this.#blocked !== undefined) {
      this.#markers.notDone(step.id, this.#blocked);
      this.#failed.push({ step: step.id, reason: this.#blocked });
      this.#tell(`${step.id}: not done, ${this.#blocked}`);
      return;
    }
    this.#isFresh = true;
    await this.#try(step);
  }

  async #try(step: RunStep): Promise<void> {
    const { attempts } = this.#request.plan;
    for (let attempt = 1; ; attempt++) {
      for (const file of step.files) rmSync(this.#place.of(file), { recursive: true, force: true });
      this.#markers.begin(step.id);
      try {
        logTo(this.#place, step, step.what);
        const notes = await step.act(this.#contextOf(step));
        for (const note of notes) logTo(this.#place, step, note);
        await this.#markers.done(step.id, notes.map(withoutSecrets), step.files);
        return;
      } catch (error) {
        if (this.#signals.stop.aborted) throw this.#signals.stop.reason;
        if (!(error instanceof ForensicsError)) throw error;
        const reason = withoutSecrets(`${error.message}. ${error.hint}`);
        logTo(this.#place, step, `failed: ${reason}`);
        this.#tell(`${step.id} failed: ${reason}`);
        await this.#endServer();
        if (attempt < attempts) continue;
        this.#markers.failed(step.id, reason);
        this.#failed.push({ step: step.id, reason });
        if (step.kind === 'measured') this.#blocked = `${step.id} failed`;
        return;
      }
    }
  }

  #contextOf(step: RunStep): RunContext {
    const { plan, load, env, cwd } = this.#request;
    const tell = (line: string) => {
      logTo(this.#place, step, line);
      this.#tell(`${step.id}: ${line}`);
    };
    const note = (log: string, line: string) => logTo(this.#place, step, line, [log]);
    return { plan, load, env, cwd, place: this.#place, signals: this.#signals, tell, note, server: () => this.#serverOf(tell) };
  }

  /** One server serves all steps that ask for it, until one of them fails. */
  async #serverOf(tell: (line: string) => void): Promise<Server | undefined> {
    const { plan, env, cwd } = this.#request;
    const wish = serverWish(plan, { env, cwd, sessionTag: this.#sessionTag, log: join(this.#place.private, 'server.log') });
    if (wish === undefined) return undefined;
    this.#server ??= startServer(wish, this.#signals.stop, tell);
    return this.#server;
  }

  async #endServer(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    const started = await server?.catch(() => undefined);
    if (started === undefined) return;
    this.#tell('ending the server');
    await started.end();
  }
}
