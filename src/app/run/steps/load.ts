import { readdirSync, renameSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { probeTarget, runLoadTest } from '#app/load-test/run-load-test';
import { runMonitor } from '#app/monitor/run-monitor';
import { ForensicsError } from '#core/errors';
import { makeFolder } from '#core/make-folder';
import type { Ms } from '#core/units';
import { unlessAborted } from '#record/processes/interruption';
import type { Load } from '#schema/load';
import type { Plan } from '#schema/plan';
import type { LoadWish, RunContext, RunStep } from '../context.ts';
import { intervalOf } from '../times.ts';

/** Samples go on a little beyond the load, so that its end lies between two of them. */
const AFTER_MS: Ms = 1000;
/** What is measured into; it gets its name when it is whole. */
const PART = 'measuring';
const POWER_LOG = 'power_monitor.log';

/** Samples this machine while something goes on. */
async function sampled<T>(folder: string, { plan, env, cwd, note }: RunContext, work: () => Promise<T>): Promise<T> {
  const [gpuIntervalMs, hostIntervalMs] = [intervalOf(plan.samplers.gpu), intervalOf(plan.samplers.host)];
  if (gpuIntervalMs === undefined && hostIntervalMs === undefined) return work();
  const enough = new AbortController();
  const signals = { stop: enough.signal, hurry: new AbortController().signal };
  let sampling: Promise<unknown> = Promise.resolve();
  await new Promise<void>((resolve, reject) => {
    const request = { out: folder, durationSeconds: undefined, gpuIntervalMs, hostIntervalMs, env, cwd, begun: resolve };
    sampling = runMonitor(request, signals, line => note(POWER_LOG, line));
    sampling.then(() => resolve(), reject);
  });
  try {
    const done = await work();
    await sleep(AFTER_MS);
    return done;
  } finally {
    enough.abort();
    await sampling;
  }
}

function assertAnswered({ stages }: Load): void {
  const sum = (of: 'ok' | 'sent') => stages.reduce((total, stage) => total + stage.requests[of], 0);
  if (sum('ok') > 0) return;
  const [why = 'no answer came'] = stages.flatMap(stage => Object.keys({ ...stage.failures, ...stage.abandoned }));
  throw new ForensicsError('unsupported', `none of ${sum('sent')} requests succeeded: ${why}`, 'Look at the server and its log.');
}

async function send(folder: string, wish: LoadWish, k: number, { signals, tell }: RunContext): Promise<Load> {
  const target = await unlessAborted(signals.stop, probeTarget(wish.asked, tell));
  const { load } = await runLoadTest(wish.settings(target, k), folder, wish.observer, signals);
  if (signals.stop.aborted) throw signals.stop.reason;
  assertAnswered(load);
  return load;
}

/** Files of several folders become those of the folder that holds them. */
function moveUp(folder: string, names: readonly string[]): void {
  for (const name of names) {
    for (const file of readdirSync(join(folder, name))) renameSync(join(folder, name, file), join(folder, file));
    rmdirSync(join(folder, name));
  }
}

/** One run of the load, with samples around it. @param k from 1 */
export const loadStep = ({ load, server }: Plan, wish: LoadWish | undefined, k: number): RunStep => ({
  id: `load-${k}`,
  what: `${server === undefined ? '' : `start the server where it does not run, `}sample the machine, and send load ${k} of ${load?.repeat ?? 1}`,
  kind: 'measured',
  asksServer: true,
  files: [`loads/${k}`, `loads/${PART}`],
  log: 'load_test.log',
  act: async context => {
    if (wish === undefined) throw new Error('a step of a load, and no load');
    const running = await context.server();
    const part = context.place.of('loads', PART);
    makeFolder(part);
    const [samples, requests] = ['samples', 'requests'];
    makeFolder(join(part, samples));
    const measured = await sampled(join(part, samples), context, () => send(join(part, requests), wish, k, context));
    running?.assertAlive();
    moveUp(part, [samples, requests]);
    renameSync(part, context.place.of('loads', String(k)));
    return measured.warnings;
  },
});
