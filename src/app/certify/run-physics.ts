import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { emptyFolder, writeFiles } from '#app/files/write-files';
import { PHYSICS } from '#app/paths';
import { ForensicsError } from '#core/errors';
import { endTagged, until } from '#record/processes/end';
import type { StopSignals } from '#record/processes/interruption';
import { type Started, start } from '#record/processes/start';
import { SESSION_TAG } from '#record/processes/tagged-processes';
import { startWatchdog } from '#record/processes/watchdog';
import { gpuSampler } from '#record/samplers/gpu/gpu-sampler';
import { askSmi, smiFailure } from '#record/samplers/nvidia-smi';

const TORCHRUN = 'torchrun';
const LOG = 'torchrun.log';
const RESULT = 'physics.json';
const TOPOLOGY = 'topology.txt';
/** Clocks change within tens of milliseconds; nvidia-smi answers in about twenty. */
const SAMPLE_MS = 100;
const PROGRESS_SECONDS = 15;
const GRACE_SECONDS = 5;

export interface RunRequest {
  /** A new folder. */
  readonly out: string;
  readonly env: NodeJS.ProcessEnv;
}

const isOnPath = (program: string, env: NodeJS.ProcessEnv): boolean =>
  (env['PATH'] ?? '').split(':').some(folder => folder !== '' && existsSync(join(folder, program)));

/** @throws ForensicsError unsupported where nothing can be measured here */
async function assertAble(env: NodeJS.ProcessEnv): Promise<void> {
  const why = smiFailure(await askSmi(['--query-gpu=index', '--format=csv,noheader'], env));
  if (why !== undefined)
    throw new ForensicsError(
      'unsupported',
      `there is no GPU to measure here: ${why}`,
      'Run it on the GPU machine, or give it the results of tests that ran there.',
    );
  if (!isOnPath(TORCHRUN, env))
    throw new ForensicsError(
      'unsupported',
      `${TORCHRUN} is not on PATH, and the tests are written in PyTorch`,
      'Install PyTorch and put its torchrun on PATH, or give the results of nvbandwidth, nccl-tests or gpu_burn.',
    );
}

/** Waits for the tests, and says now and then that they go on. @throws the reason of the signal when somebody stops them */
async function untilMeasured(child: Started, { stop }: StopSignals, progress: (step: string) => void): Promise<void> {
  const begun = performance.now();
  while (!(await until(() => stop.aborted || child.ending() !== undefined, PROGRESS_SECONDS)))
    progress(`measuring for ${Math.round((performance.now() - begun) / 1000)} s`);
  if (stop.aborted) throw stop.reason;
}

/** The last thing that a program said. */
function lastLine(file: string): string {
  const lines = existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : [];
  return lines.findLast(line => /\w*Error\b/.test(line))?.trim() ?? lines.at(-1)?.trim() ?? '';
}

async function measure(folder: string, env: NodeJS.ProcessEnv, signals: StopSignals, progress: (step: string) => void): Promise<void> {
  const log = join(folder, LOG);
  const script = fileURLToPath(PHYSICS);
  const child = await start(TORCHRUN, ['--standalone', '--nproc-per-node', 'gpu', script, '--out', folder], {
    env,
    stdout: log,
    stderr: log,
  });
  await untilMeasured(child, signals, progress);
  const { code, signal } = await child.ended;
  if (code === 0 && existsSync(join(folder, RESULT))) return;
  throw new ForensicsError(
    'unsupported',
    `the tests ended with ${code === null ? `signal ${signal}` : `exit code ${code}`}: ${lastLine(log).slice(0, 200)}`,
    `Read ${log}.`,
  );
}

/**
 * Measures this machine with workloads/phys.py on all its GPUs, and samples them meanwhile. Nothing that it starts outlives it.
 * @returns files of the new folder that a certification can rest on
 * @throws ForensicsError unsupported without GPUs or torchrun, or when the tests fail; bad-argument, not-writable
 */
export async function runPhysics(request: RunRequest, signals: StopSignals, progress: (step: string) => void): Promise<readonly string[]> {
  await assertAble(request.env);
  const folder = emptyFolder(request.out);
  const { [SESSION_TAG]: _outer, ...clean } = request.env;
  const sessionTag = `certify-${randomUUID()}`;
  // CUDA numbers GPUs by speed otherwise, and their samples would be laid beside the wrong ones.
  const env = { CUDA_DEVICE_ORDER: 'PCI_BUS_ID', ...clean, [SESSION_TAG]: sessionTag };
  const watchdog = startWatchdog({ sessionTag, commands: [], graceSeconds: GRACE_SECONDS }, clean);
  const sampler = gpuSampler({ intervalMs: SAMPLE_MS, env, tell: sentence => progress(`gpu: ${sentence}`) });
  try {
    const topology = await askSmi(['topo', '-m'], env);
    if (smiFailure(topology) === undefined) writeFiles(folder, { [TOPOLOGY]: topology.stdout });
    await sampler.start(folder);
    progress(`measuring into ${folder}`);
    await measure(folder, env, signals, progress);
  } finally {
    await sampler.stop();
    await endTagged(sessionTag, GRACE_SECONDS);
    watchdog.release();
  }
  return [RESULT, 'gpu.csv', TOPOLOGY].map(name => join(folder, name)).filter(file => existsSync(file));
}
