import { accessSync, constants, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { bytes } from '#core/format/numbers';
import { driverSupport } from '#record/nsys/driver-support';
import type { Nsys } from '#record/nsys/installed';
import { run } from '#record/processes/run';
import { freeBytes } from './space.ts';

/** Something that stands in the way of a good trace. */
export interface Objection {
  /** `refuse`: the trace would be useless. `note`: it will lack something. */
  readonly severity: 'refuse' | 'note';
  readonly what: string;
  readonly fix: string;
}

/** What this host allows, found out once before anything is started. */
export interface Host {
  /** GPUs that the NVIDIA driver shows. */
  readonly gpus: number;
  /** The newest CUDA that the driver supports, such as '13.0'. */
  readonly cuda: string | undefined;
  /** Whether only administrators may read the GPU's counters. */
  readonly countersForAdminOnly: boolean;
  readonly isRoot: boolean;
  /** Programs that hold the GPU's counters, such as the DCGM host engine. */
  readonly counterHolders: readonly string[];
}

/** Programs of DCGM that read the counters which nsys wants; there is one set of them. */
const COUNTER_HOLDERS = new Set(['nv-hostengine', 'dcgm-exporter', 'dcgmi']);
const QUESTION_SECONDS = 20;

/**
 * What a GPU makes in a second of recording. Labelled captures on H200s hold 3 MiB of SQLite a second (serving) to 9 MiB (a decode loop
 * of short kernels on each of two GPUs); the recording, its export and the redacted copy lie on the disk together.
 */
const TRACE_BYTES_PER_GPU_SECOND = 30 * 2 ** 20;
/** Recording stops, and a capture does not begin, with less than this left: exporting must still be possible. */
export const FLOOR_BYTES = 512 * 2 ** 20;

const text = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
};
const names = (path: string): string[] => {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
};

/** Looks at the host. */
export async function lookAtHost(env: NodeJS.ProcessEnv): Promise<Host> {
  const smi = await run('nvidia-smi', [], { seconds: QUESTION_SECONDS, env });
  const comm = names('/proc')
    .filter(n => /^\d+$/.test(n))
    .map(n => text(`/proc/${n}/comm`).trim());
  return {
    gpus: names('/proc/driver/nvidia/gpus').length,
    cuda: /CUDA Version:\s*(\d+\.\d+)/.exec(smi.stdout)?.[1],
    countersForAdminOnly: /^RmProfilingAdminOnly: 1$/m.test(text('/proc/driver/nvidia/params')),
    isRoot: process.getuid?.() === 0,
    counterHolders: [...new Set(comm.filter(c => COUNTER_HOLDERS.has(c)))],
  };
}

/** What a capture needs of the host. */
export interface Needs {
  readonly command: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly gpuMetrics: 'auto' | 'on' | 'off';
  readonly seconds: number | undefined;
  readonly windows: number;
  /** Folders that will be written to, of which the nearest that exists is asked. */
  readonly disks: readonly string[];
}

/** Why GPU metrics cannot be had, if so. */
export function metricsObjection(host: Host, nsys: Nsys): Omit<Objection, 'severity'> | undefined {
  if (host.gpus === 0) return { what: 'no GPU metrics: the NVIDIA driver shows no GPU', fix: 'Leave --gpu-metrics out.' };
  if (host.countersForAdminOnly && !host.isRoot)
    return {
      what: 'no GPU metrics: the driver lets only administrators read the counters (RmProfilingAdminOnly)',
      fix: 'Run as root, or load the driver with NVreg_RestrictProfilingToAdminUsers=0 (nvidia.com/ERR_NVGPUCTRPERM).',
    };
  if (host.counterHolders.length > 0)
    return {
      what: `no GPU metrics: ${host.counterHolders.join(', ')} of DCGM runs, and may hold the counters`,
      fix: 'Pause it with `dcgmi profile --pause`, and resume it afterwards.',
    };
  if (!nsys.options.start.has('gpu-metrics-devices') && !nsys.options.start.has('gpu-metrics-device'))
    return { what: `no GPU metrics: nsys ${nsys.version} has no option for them`, fix: 'Install a newer nsys.' };
  return undefined;
}
const nearest = (path: string): string => (existsSync(path) ? path : nearest(join(path, '..')));

function spaceObjections(needs: Needs, host: Host): Objection[] {
  const gpus = Math.max(1, host.gpus);
  // A window until the workload ends has no length: recording then stops before the disk is full.
  const recorded = (needs.seconds ?? 0) * needs.windows * TRACE_BYTES_PER_GPU_SECOND * gpus;
  const wanted = 2 * FLOOR_BYTES + recorded;
  return needs.disks.flatMap(disk => {
    const free = freeBytes(nearest(disk));
    if (free === undefined || free >= wanted) return [];
    const why =
      recorded > 0 ? `${Math.round((needs.seconds ?? 0) * needs.windows)} s of recording on ${gpus} GPU(s) may need` : 'recording needs';
    const what = `${disk} has ${bytes(free)} free, and ${why} ${bytes(wanted)}`;
    return [{ severity: 'refuse', what, fix: 'Make space, shorten --duration, or choose another disk with --out (and TMPDIR).' } as const];
  });
}

/** The program that a command starts, as the shell would find it. */
function findProgram(word: string, env: NodeJS.ProcessEnv): string | undefined {
  const candidates = word.includes('/') ? [word] : (env['PATH'] ?? '').split(delimiter).map(folder => join(folder, word));
  return candidates.find(c => existsSync(c) && !statSync(c).isDirectory());
}

function programObjection({ command, env }: Needs): Objection[] {
  const [word = ''] = command;
  const program = findProgram(word, env);
  if (program === undefined)
    return [{ severity: 'refuse', what: `${word} is not a program that can be found`, fix: 'Check the command after --.' }];
  try {
    accessSync(program, constants.X_OK);
    return [];
  } catch {
    return [{ severity: 'refuse', what: `${program} is not executable`, fix: `Run chmod +x ${program}, or name its interpreter first.` }];
  }
}

/** All that stands in the way, the reasons to refuse first. */
export function preflight(needs: Needs, host: Host, nsys: Nsys): Objection[] {
  const objections: Objection[] = [...programObjection(needs), ...spaceObjections(needs, host)];
  if (host.gpus === 0)
    objections.push({
      severity: 'note',
      what: 'the NVIDIA driver shows no GPU here: kernels, GPU samples and GPU metrics will be missing, and the case cannot tell what a GPU did',
      fix: 'Run on the GPU machine.',
    });
  if (host.cuda !== undefined) {
    const fit = driverSupport(nsys.version, host.cuda);
    const what = `nsys ${nsys.version} is older than the driver's CUDA ${host.cuda}`;
    if (fit === 'too-old')
      objections.push({
        severity: 'refuse',
        what: `${what}: its trace would hold no kernels`,
        fix: 'Install the nsys of that CUDA version or a newer one, and name it with --nsys-path.',
      });
    if (fit === 'older') objections.push({ severity: 'note', what, fix: 'If kernels are missing from the trace, install a newer nsys.' });
  }
  const metrics = metricsObjection(host, nsys);
  if (needs.gpuMetrics !== 'off' && metrics !== undefined && (host.gpus > 0 || needs.gpuMetrics === 'on'))
    objections.push({ severity: needs.gpuMetrics === 'on' ? 'refuse' : 'note', ...metrics });
  return objections.sort((a, b) => Number(b.severity === 'refuse') - Number(a.severity === 'refuse'));
}
