import { askSmi, smiFailure } from '#record/samplers/nvidia-smi';
import type { Told } from './told.ts';

/** What is asked of nvidia-smi; each answer is of a format that is also read from a file. */
const QUESTIONS = [
  ['-q', '-x'],
  ['topo', '-m'],
  ['nvlink', '-s'],
  ['nvlink', '-e'],
  ['conf-compute', '-f'],
] as const;

/** The state of the GPUs in nvidia-smi's words, one question after the other. Where the first fails, the rest would repeat its reason. */
export async function askGpuState(env: NodeJS.ProcessEnv): Promise<readonly Told[]> {
  const told: Told[] = [];
  for (const args of QUESTIONS) {
    const answer = await askSmi(args, env);
    const why = smiFailure(answer);
    // Where it says nothing at all, nothing else that it would be asked is known either.
    const what = why !== undefined && told.length === 0 ? 'GPUs, topology and NVLinks' : `nvidia-smi ${args.join(' ')}`;
    told.push(why === undefined ? { what, text: answer.stdout } : { what, why });
    if (why !== undefined && told.length === 1) break;
  }
  return told;
}
