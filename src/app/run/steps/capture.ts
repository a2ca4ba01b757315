import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runCapture } from '#app/capture/run-capture';
import { ForensicsError } from '#core/errors';
import type { Plan } from '#schema/plan';
import type { RunContext, RunStep } from '../context.ts';
import { loadLine } from '../load-words.ts';
import type { Place } from '../place.ts';
import { isAnswering } from '../server.ts';
import { readyUrl, serverEnv } from '../server-wish.ts';
import { intervalOf, secondsOf } from '../times.ts';

type PlannedCapture = NonNullable<Plan['capture']>;
const FOLDER = 'capture';
const LOAD = 'under-profiler';
/** The load goes on a little beyond the window. */
const AFTER_SECONDS = 5;
const USUAL_INTERVAL_MS = 100;

async function assertNobodyAnswers(ready: string | undefined): Promise<void> {
  if (ready !== undefined && (await isAnswering(ready)))
    throw new ForensicsError('bad-argument', `something answers at ${ready} already`, 'End it: nsys records only what it starts.');
}

/** What capture is asked for: a window of the server of the plan, under the load of the plan. */
function optionsOf(wish: PlannedCapture, { plan, place }: RunContext) {
  const [delay, duration] = [secondsOf(wish.delay), secondsOf(wish.duration)];
  const out = join(place.private, LOAD);
  return {
    ...{ preset: wish.preset, delay, duration, repeat: 1, stopWorkload: true, leaveWorkload: false, ready: readyUrl(plan) },
    ...(plan.load === undefined
      ? {}
      : { load: loadLine(plan.load, delay + duration + AFTER_SECONDS, out), requests: join(out, 'requests.jsonl') }),
    ...{ loadLead: delay, loadLimit: delay + duration + 60, nsys: wish.nsys, redact: true, keepEnv: [], checks: true },
    ...{ gpuMetrics: 'auto' as const, nsysTimeout: 120, stopGrace: secondsOf(plan.server?.stop_within ?? 30) },
    gpuInterval: intervalOf(plan.samplers.gpu) ?? USUAL_INTERVAL_MS,
    hostInterval: intervalOf(plan.samplers.host) ?? USUAL_INTERVAL_MS,
  };
}

/** What may hold secrets lies beside the run, not in it. */
function hide(place: Place): void {
  const [from, to] = [place.of(`${FOLDER}.private`), join(place.private, FOLDER)];
  rmSync(to, { recursive: true, force: true });
  if (existsSync(from)) renameSync(from, to);
}

/** The server once more, under Nsight Systems: what it does, and no figure of what it reaches. */
export const captureStep = (wish: PlannedCapture): RunStep => ({
  id: 'capture',
  what: `start the server under nsys, send the same load, record ${wish.duration} after ${wish.delay}, and end it`,
  kind: 'measured',
  asksServer: false,
  files: [FOLDER, `${FOLDER}.private`],
  act: async context => {
    const { plan, place, env, cwd, signals, tell } = context;
    await assertNobodyAnswers(readyUrl(plan));
    rmSync(join(place.private, LOAD), { recursive: true, force: true });
    const { content } = await runCapture(plan.server?.command ?? [], optionsOf(wish, context), {
      ...{ out: place.of(FOLDER), env: serverEnv(plan, env), cwd, signals, progress: tell, captured: () => {} },
    });
    if (signals.stop.aborted) throw signals.stop.reason;
    if (content.status === 'workload-failed')
      throw new ForensicsError('unsupported', 'the server failed under nsys', `Read ${place.of(`${FOLDER}.private`, 'workload.log')}.`);
    hide(place);
    return content.missing;
  },
});
