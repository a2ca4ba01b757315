import { type Answer, run } from '#record/processes/run';

export const NVIDIA_SMI = 'nvidia-smi';

/** Its stamps name no zone, so it is run in one that is known. */
export const inUtc = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv => ({ ...env, TZ: 'UTC', LC_ALL: 'C' });

/** Asks nvidia-smi something short. */
export const askSmi = (args: readonly string[], env: NodeJS.ProcessEnv, seconds = 20): Promise<Answer> =>
  run(NVIDIA_SMI, args, { seconds, env: inUtc(env) });

/** Why an answer holds nothing, as the end of a sentence; undefined for one that may be read. */
export const smiFailure = ({ code, stdout, stderr, late }: Answer): string | undefined => {
  if (late) return 'nvidia-smi did not answer in time';
  if (code === undefined) return 'nvidia-smi is not on PATH';
  if (code === 0) return undefined;
  return `nvidia-smi says ${JSON.stringify(firstLine(stdout) || firstLine(stderr) || `exit code ${code}`)}`;
};

/** The first line that is not blank, cut to what fits a sentence; it names no GPU by its uuid. */
export const firstLine = (text: string): string =>
  (text.split('\n').find(line => line.trim() !== '') ?? '')
    .replace(/ ?\(UUID:[^)]*\)|(?:GPU|MIG)-[\da-f-]{8,}/g, '')
    .trim()
    .slice(0, 160);

/** The field that nvidia-smi refused to query, if that is what it says; it does so on stdout. */
export const refusedField = (output: string): string | undefined => /Field "([^"]+)" is not a valid field to query/.exec(output)?.[1];
