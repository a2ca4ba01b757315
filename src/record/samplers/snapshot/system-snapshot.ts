import { System } from '#schema/system';
import { EpochClock } from '../epoch-clock.ts';
import { askSmi, smiFailure } from '../nvidia-smi.ts';
import { linkStatus } from '../nvlink/link-status.ts';
import { askGpus } from './gpus.ts';
import { type HostOptions, hostState } from './host-state.ts';

// biome-ignore lint/suspicious/noControlCharactersInRegex: nvidia-smi underlines the headings of its matrix.
const ANSI = /\u001b\[[\d;]*m/g;

/** The machine as it is now. Asks nvidia-smi half a dozen times, one after the other, so it belongs before the samplers. */
export async function systemSnapshot(options: HostOptions): Promise<System> {
  const { env } = options;
  const missing: string[] = [];
  const asked = async (what: string, ...args: string[]): Promise<string | null> => {
    const answer = await askSmi(args, env);
    const why = smiFailure(answer);
    if (why !== undefined) missing.push(`no ${what}: ${why}`);
    return why === undefined ? answer.stdout : null;
  };

  const gpus = await askGpus(env);
  if ('why' in gpus) missing.push(`no GPUs: ${gpus.why}`);
  // Without GPUs each further question would only repeat the reason.
  const further = 'why' in gpus ? async () => null : asked;
  const topology = await further('topology', 'topo', '-m');
  const links = await further('NVLink status', 'nvlink', '-s');
  const cuda = 'why' in gpus ? null : await cudaVersion(env);
  if (!('why' in gpus) && cuda === null) missing.push('no CUDA version: nvidia-smi does not say');
  const host = await hostState(options);

  return System.parse({
    schema: 'forensics.system/1',
    taken_ns: String(new EpochClock().now()),
    driver_version: 'why' in gpus ? null : gpus.driver,
    cuda_version: cuda,
    gpus: 'why' in gpus ? null : gpus.gpus,
    topology: topology?.replace(ANSI, '').trimEnd() ?? null,
    nvlink: links === null ? null : linkStatus(links),
    ...host,
    missing: [...missing, ...host.missing],
  } satisfies System);
}

/** From `--version`, which lists no processes; older ones say it in their table only. */
async function cudaVersion(env: NodeJS.ProcessEnv): Promise<string | null> {
  for (const args of [['--version'], []]) {
    const { code, stdout } = await askSmi(args, env);
    const version = /CUDA(?: \w+)? Version\s*:\s*([\d.]+)/i.exec(stdout)?.[1];
    if (code === 0 && version !== undefined) return version;
  }
  return null;
}
