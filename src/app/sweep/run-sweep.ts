import { rmSync } from 'node:fs';
import { runLoadTest } from '#app/load-test/run-load-test';
import { ForensicsError } from '#core/errors';
import { failureAt } from '#decide/sweep/failures';
import { heldAt } from '#decide/sweep/slo';
import { type Objective, readLimits } from './limits.ts';
import { markMeasured, measuredIn, planFolder, runFolder } from './plan-folder.ts';
import { settingIn } from './read-plan.ts';
import { highestThatHolds } from './search.ts';
import { LOAD_SETTINGS, Serving } from './serving.ts';
import type { SweepWork } from './work.ts';

/** Of these there is no half. */
const WHOLE = /concurren|token|batch|seqs|length|parallel|gpus|slots/i;

/** Carries out a plan, run by run. What is done already is not done again. */
class Sweeper {
  readonly #work: SweepWork;
  readonly #folder: string;
  readonly #limits: Objective;
  readonly #server: Serving;

  constructor(work: SweepWork) {
    this.#work = work;
    this.#limits = readLimits(work.plan.slo);
    this.#folder = planFolder(work.out, work.plan);
    this.#server = new Serving(work.plan, work.endpoint, { env: work.reading.env, stop: work.signals.stop, tell: work.reading.tell });
  }

  /** Settings in turn, so that a machine that drifts favours none; none higher than one that failed, where that was asked for. */
  async goOver(values: readonly string[]): Promise<void> {
    const { plan } = this.#work;
    let end = values.length;
    for (let repeat = 1; repeat <= plan.repeats; repeat++)
      for (const [i, value] of values.entries()) {
        if (i >= end) continue;
        await this.#measure(value, repeat);
        if (plan.stop_at_failure && failureAt(await this.#settingAt(value)).failure !== null) end = i + 1;
      }
  }

  async search({ from, to, within }: NonNullable<SweepWork['plan']['search']>): Promise<void> {
    const { over, repeats } = this.#work.plan;
    await highestThatHolds({ from, to, within, isWhole: WHOLE.test(over) }, async number => {
      const value = String(number);
      for (let repeat = 1; repeat <= repeats; repeat++) await this.#measure(value, repeat);
      const { slo, slo_failed } = heldAt(await this.#settingAt(value), this.#limits.targets);
      if (slo === 'not-measured')
        throw new ForensicsError(
          'bad-argument',
          `the objective was not measured at ${over} ${value} (${slo_failed.join(', ')})`,
          'A p99 takes a hundred requests: raise load.duration_s. What was measured so far is kept.',
        );
      this.#work.reading.tell(`${over} ${value} ${slo === 'holds' ? 'holds' : 'fails'}`);
      return slo === 'holds';
    });
  }

  #settingAt(value: string) {
    return settingIn(this.#folder, value, this.#limits.targets, this.#work.reading);
  }

  async #measure(value: string, repeat: number): Promise<void> {
    const { plan, signals, reading } = this.#work;
    const folder = runFolder(this.#folder, value, repeat);
    if (measuredIn(folder) !== undefined) return;
    // What an interruption left is not whole.
    rmSync(folder, { recursive: true, force: true });
    reading.tell(`${plan.over} ${value}, run ${repeat} of ${plan.repeats}`);
    const not_up = await this.#server.with(value);
    if (not_up !== undefined) return markMeasured(folder, { value, not_up, preemptions: null });
    const endpoint = await this.#server.known();
    const before = await this.#server.preemptions();
    const { load } = await runLoadTest(this.#work.loadAt(endpoint, value, repeat), folder, this.#work.observer, signals);
    if (signals.stop.aborted || load.ended_by !== 'schedule') throw signals.stop.reason;
    const after = await this.#server.preemptions();
    const preemptions = before === undefined || after === undefined ? null : Math.max(0, after - before);
    markMeasured(folder, { value, not_up: null, preemptions });
  }
}

/**
 * Measures what a plan says, into a folder of its own. Runs that are done stay; one that was interrupted is done again.
 * @throws ForensicsError bad-argument, not-found, not-writable, unsupported; the reason of `signals.stop`, once it is aborted
 */
export async function runSweep(work: SweepWork): Promise<void> {
  const { plan } = work;
  if (plan.server === undefined && !LOAD_SETTINGS.includes(plan.over))
    throw new ForensicsError(
      'bad-argument',
      `${plan.over} is no setting of a load, and the plan does not say how the server gets it`,
      `Give server.restart with {value} in it, or go over ${LOAD_SETTINGS.join(', ')}.`,
    );
  const sweeper = new Sweeper(work);
  if (plan.search !== undefined) await sweeper.search(plan.search);
  else await sweeper.goOver((plan.values ?? []).map(String));
}
