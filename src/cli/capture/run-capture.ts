import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { homedir, hostname, tmpdir, userInfo } from 'node:os';
import { basename, join } from 'node:path';
import { endAftermath, sweepParts } from '#capture/aftermath';
import { caseOf, filesOf, planOf, writeCase } from '#capture/case-of';
import { claimCase, claimOf, releaseCase } from '#capture/claim';
import { type FinishOptions, finish } from '#capture/finish';
import { type CaseFolder, caseFolder, createCase } from '#capture/folder';
import { watchInterrupts } from '#capture/interrupts';
import { type Entry, type Plan, readJournal } from '#capture/journal';
import { lookAtHost, metricsObjection, preflight } from '#capture/preflight';
import { record } from '#capture/record';
import type { Case } from '#model/case';
import { ForensicsError } from '#model/errors';
import type { Report } from '#model/report';
import { installedNsys, type Nsys } from '#nsys/installed';
import { startGuard } from '#process/guard';
import { MARK } from '#process/marked';
import { type Secrets, secretsOf } from '#redaction/secrets';
import { makeSamplers } from '#samplers/make-samplers';
import { systemSnapshot } from '#samplers/snapshot/system-snapshot';
import { writeFiles } from '../output.ts';
import { version } from '../version.ts';
import { isFinished, reportCase } from './case-report.ts';
import { controlResult } from './overhead.ts';
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

/** What a capture came to. */
export interface Captured {
  readonly folder: CaseFolder;
  readonly content: Case;
  readonly reports: readonly Report[];
  readonly signal: string | undefined;
}

/** What of this host and user must not be in a case. */
function ownSecrets(command: readonly string[], keepEnv: readonly string[]): Secrets {
  return secretsOf({ env: process.env, argv: command, host: hostname(), user: userInfo().username, home: homedir(), keep: keepEnv });
}

/** What a program said last, without empty lines. */
function lastLines(file: string, count: number): string[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split(/[\r\n]+/)
    .filter(l => l.trim() !== '')
    .slice(-count);
}

/** Export, redaction, analysis and case.json: all that follows a recording, whether now or later. */
async function conclude(
  folder: CaseFolder,
  entries: readonly Entry[],
  plan: Plan,
  nsys: Nsys,
  options: FinishOptions,
): Promise<{ content: Case; reports: readonly Report[] }> {
  const { progress: tell, hurry } = options;
  const finished = await finish(folder, plan, nsys, options);
  const named = plan.requests === null ? undefined : join(folder.path, basename(plan.requests));
  const requests = named !== undefined && existsSync(named) ? named : undefined;
  const overhead = controlResult(folder, entries);
  const outcome = { finished, reports: new Map<string, string>(), missing: overhead.missing, notes: [], overhead: overhead.rows };
  const { folders, reports, missing } = await reportCase(folder, caseOf(entries, plan, outcome, []), requests, tell, hurry);
  const content = caseOf(
    entries,
    plan,
    { ...outcome, reports: folders, missing: [...overhead.missing, ...missing] },
    await filesOf(folder),
  );
  writeCase(folder, content);
  releaseCase(folder);
  if (content.status === 'workload-failed') for (const line of lastLines(folder.log('workload'), 5)) tell(`workload: ${line}`);
  return { content, reports };
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
  const mark = randomBytes(6).toString('hex');
  const env = { ...process.env, [MARK]: mark };
  claimCase(folder, mark);
  const interrupts = watchInterrupts();
  try {
    const system = await systemSnapshot({ env: process.env, cwd: process.cwd(), nsysVersion: nsys.version });
    writeFiles(folder.path, { 'system.json': `${JSON.stringify(system, null, 2)}\n` });
    const recorded = await record(folder, {
      ...request,
      mark,
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

/**
 * Finishes a case that was cut off, or whose export or analysis failed: imports, exports and analyzes what was recorded, and writes
 * case.json.
 * @throws ForensicsError not-found when there is no such case; bad-argument when nothing is left to do, or somebody is at it
 */
export async function resumeCapture(path: string, nsysPath: string | undefined, tell: (step: string) => void): Promise<Captured> {
  const folder = caseFolder(path);
  if (isFinished(folder))
    throw new ForensicsError('bad-argument', `${folder.path} is finished already`, `Analyze it with forensics analyze ${path}.`);
  const before = claimOf(folder);
  if (before?.alive === true)
    throw new ForensicsError('bad-argument', `process ${before.pid} still works on ${folder.path}`, 'Wait until it ends, or end it.');
  if (before !== undefined) await endAftermath(before.mark, tell);
  const entries = (() => {
    try {
      return readJournal(folder.journal);
    } catch (error) {
      if (error instanceof ForensicsError) throw error;
      throw new ForensicsError(
        'not-found',
        `${folder.path} is no case of a capture (it has no journal)`,
        'Name the folder that forensics capture made.',
      );
    }
  })();
  const plan = planOf(entries, folder);
  const nsys = await installedNsys(nsysPath ?? plan.nsys.path, process.env);
  const mark = randomBytes(6).toString('hex');
  claimCase(folder, mark);
  const guard = startGuard({ mark, commands: [], graceSeconds: 1 }, process.env);
  try {
    sweepParts(folder);
    const { content, reports } = await conclude(folder, entries, plan, nsys, {
      secrets: ownSecrets(plan.command, plan.keep_env),
      env: { ...process.env, [MARK]: mark },
      progress: tell,
      // Whoever does not want to wait can end it, and resume once more.
      hurry: new AbortController().signal,
    });
    return { folder, content, reports, signal: undefined };
  } finally {
    guard.release();
    releaseCase(folder);
  }
}
