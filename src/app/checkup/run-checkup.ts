import { assertExists } from '#app/inputs/traces';
import { probeTarget } from '#app/load-test/run-load-test';
import { version } from '#app/version';
import { temporaryFolder } from '#core/temporary/folder';
import { watchGpus } from '#record/checkup/gpu-watch';
import type { StopSignals } from '#record/processes/interruption';
import { wordCheckup } from '#report/build/checkup/checkup';
import type { Checkup } from '#schema/checkup';
import { assertGpus } from './assert-gpus.ts';
import { judgeServer } from './judge-server.ts';
import { type LookedAt, lookAt, NOTHING } from './look-at.ts';
import type { CheckupObserver, CheckupRequest } from './request.ts';
import { sendLoads } from './send-loads.ts';

/** Kept free for what comes before and after the load, when the watch would end by itself. */
const SPARE_SECONDS = 300;

/**
 * Looks at a server and its GPUs, here or on another machine, while it answers.
 * @throws ForensicsError not-found, unsupported, bad-argument, not-writable; the reason of the signal when somebody stops it
 */
export async function runCheckup(request: CheckupRequest, signals: StopSignals, { progress, round }: CheckupObserver): Promise<Checkup> {
  const { machine, kind, seconds, env } = request;
  for (const log of request.logs) assertExists(log);
  await assertGpus(machine);
  const target = request.target === undefined ? undefined : await probeTarget(request.target, progress);
  const scratch = temporaryFolder();
  try {
    const watch = await watchGpus(machine, 2 * seconds + SPARE_SECONDS, scratch.path, round);
    // What PCIe and clocks are at, they are at under load alone.
    const looking: Promise<LookedAt> =
      kind === 'full' ? lookAt(machine, request.logs, scratch.path, { env, progress }) : Promise.resolve(NOTHING);
    const [sent, looked] = await Promise.all([sendLoads({ ...request, target }, watch, scratch.path, signals, progress), looking]).finally(
      () => watch.stop(),
    );
    if (signals.stop.aborted) throw signals.stop.reason;
    const { loads, from, to } = sent;
    const rounds = watch.rounds();
    // The first reading under load is of the second before it. A load of less than two seconds may have none of its own.
    const under = [rounds.slice(from + 1, to), rounds.slice(from)].find(part => part.length > 0) ?? rounds;
    const judged = judgeServer({
      rounds: under,
      load: loads.at(-1),
      model: target?.model ?? null,
      expectedRate: request.expectedRate,
      facts: looked.facts,
    });
    return wordCheckup({
      ...{ kind, asked: machine.by, version: version(), rounds, loads, looked, ...judged },
      ...{ model: target?.model ?? null, concurrency: target === undefined ? null : request.concurrency },
    });
  } finally {
    scratch.dispose();
  }
}
