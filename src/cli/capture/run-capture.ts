import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { type Captured, conclude, ownSecrets } from '#app/capture/conclude';
import { version } from '#app/version';
import { ForensicsError } from '#core/errors';
import { lockCase } from '#record/capture/case-lock';
import { caseFolder, createCase } from '#record/capture/folder';
import { watchInterrupts } from '#record/capture/interrupts';
import { lookAtHost, metricsObjection, preflight } from '#record/capture/preflight';
import { record } from '#record/capture/record';
import { installedNsys } from '#record/nsys/installed';
import { SESSION_TAG } from '#record/processes/tagged-processes';
import { makeSamplers } from '#record/samplers/make-samplers';
import { systemSnapshot } from '#record/samplers/snapshot/system-snapshot';
import { writeFiles } from '../output.ts';
import { type CaptureOptions, captureRequest } from './request.ts';

/** The options that concern the surroundings of a capture. */
export interface Surroundings {
  readonly out: string;
  readonly nsysPath?: string | undefined;
  readonly gpuMetrics: 'auto' | 'on' | 'off';
  readonly gpuInterval: number;
  readonly hostInterval: number;
  readonly nsysTimeout: number;
  readonly stopGrace: number;
  readonly checks: boolean;
}

/**
 * Runs a whole capture.
 * @param told what it came to, as soon as the case is written: the workload may go on for long after that
 * @throws ForensicsError when it could not be begun
 */
export async function runCapture(
  command: readonly string[],
  options: CaptureOptions & Surroundings,
  tell: (step: string) => void,
  told: (captured: Captured) => void,
): Promise<Captured> {
  const nsys = await installedNsys(options.nsysPath, process.env);
  const host = await lookAtHost(process.env);
  const secrets = ownSecrets(command, options.keepEnv);
  const gpuMetrics = options.gpuMetrics !== 'off' && metricsObjection(host, nsys) === undefined;
  const request = captureRequest(command, options, { nsys, version: version(), gpuMetrics, hasCuda: host.gpus > 0, secrets });
  const planned = caseFolder(options.out);
  const objections = preflight(
    {
      command,
      env: process.env,
      gpuMetrics: options.gpuMetrics,
      seconds: options.duration,
      windows: request.plan.windows,
      disks: [planned.private, tmpdir()],
    },
    host,
    nsys,
  );
  const refusal = objections.find(o => o.severity === 'refuse');
  if (refusal !== undefined && options.checks)
    throw new ForensicsError('unsupported', refusal.what, `${refusal.fix} (--no-checks goes ahead all the same)`);
  for (const o of objections) tell(`note: ${o.what}`);

  const folder = createCase(options.out);
  tell(`case: ${folder.path}; what is private: ${folder.private}`);
  tell(`nsys ${nsys.version}, ${request.plan.nsys.why}`);
  const sessionTag = randomBytes(6).toString('hex');
  const env = { ...process.env, [SESSION_TAG]: sessionTag };
  lockCase(folder, sessionTag);
  const interrupts = watchInterrupts();
  try {
    const system = await systemSnapshot({ env: process.env, cwd: process.cwd(), nsysVersion: nsys.version });
    writeFiles(folder.path, { 'system.json': `${JSON.stringify(system, null, 2)}\n` });
    const recorded = await record(folder, {
      ...request,
      sessionTag,
      patience: options.nsysTimeout,
      grace: options.stopGrace,
      env: process.env,
      samplers: makeSamplers({ env, gpuIntervalMs: options.gpuInterval, hostIntervalMs: options.hostInterval, tell }),
      interrupts,
      progress: tell,
    });
    const { journal } = recorded;
    for (const o of objections) journal.tell({ event: 'note', what: o.what });
    const signal = interrupts.received();
    const hurry = new AbortController();
    void interrupts.second.then(async () => {
      hurry.abort();
      await recorded.settle(false);
    });
    const concluded = (async () => {
      const done = await conclude(folder, journal.entries(), request.plan, nsys, { secrets, env, progress: tell, hurry: hurry.signal });
      const captured = { folder, ...done, signal: hurry.signal.aborted ? interrupts.received() : signal };
      told(captured);
      return captured;
    })();
    // Whatever becomes of the case, the workload is not to suffer for it.
    const failure = await concluded.then(
      () => undefined,
      (error: unknown) => (error instanceof ForensicsError ? error.message : 'the case could not be finished'),
    );
    const { afterwards } = request.plan;
    const goesOn = () => recorded.run !== undefined && !recorded.run.isGone();
    if (goesOn() && signal === undefined && afterwards === 'wait') {
      if (failure !== undefined) tell(failure);
      tell('the workload goes on; Ctrl-C stops it');
      const end = await Promise.race([recorded.workloadEnd(), interrupts.first]);
      if (end !== undefined) await recorded.stop(end);
    } else if (!goesOn()) await recorded.workloadEnd();
    await recorded.settle(goesOn() && signal === undefined && afterwards === 'leave');
    return await concluded;
  } finally {
    interrupts.dispose();
  }
}
