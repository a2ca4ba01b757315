import { z } from 'zod';
import { run } from '#record/processes/run';
import { weightFiles } from './weights.ts';

/** `fincore --json --bytes` of util-linux, which asks the kernel by mincore. */
const Told = z.object({ fincore: z.array(z.object({ res: z.coerce.number(), size: z.coerce.number(), file: z.string() })) });
/** Arguments of one call. */
const FILES_AT_ONCE = 500;

export interface Resident {
  readonly adapter: string;
  readonly file_bytes: number;
  readonly cached_bytes: number;
}

/** Whose weights lie where. */
export interface Weights {
  readonly name: string;
  readonly file: string | null;
}

/** How much of each adapter's weights lies in the page cache; nothing of those whose files are not known or not there. */
export async function residencyOf(
  adapters: readonly Weights[],
  env: NodeJS.ProcessEnv,
): Promise<{ readonly resident: Resident[]; readonly why?: string }> {
  const files = adapters.flatMap(({ name, file }) => (file === null ? [] : weightFiles(file).map(path => ({ name, path }))));
  const told = new Map<string, { res: number; size: number }>();
  for (let i = 0; i < files.length; i += FILES_AT_ONCE) {
    const paths = files.slice(i, i + FILES_AT_ONCE).map(({ path }) => path);
    const { code, stdout } = await run('fincore', ['--json', '--bytes', ...paths], { seconds: 30, env });
    if (code === undefined)
      return { resident: [], why: 'fincore is not installed (util-linux): what the page cache holds of adapters is not told' };
    for (const { file, res, size } of answered(stdout)) told.set(file, { res, size });
  }
  const resident = adapters.flatMap(({ name }): Resident[] => {
    const mine = files.filter(file => file.name === name).flatMap(({ path }) => told.get(path) ?? []);
    if (mine.length === 0) return [];
    const sum = (of: 'res' | 'size') => mine.reduce((all, file) => all + file[of], 0);
    return [{ adapter: name, file_bytes: sum('size'), cached_bytes: sum('res') }];
  });
  return { resident };
}

function answered(stdout: string): z.infer<typeof Told>['fincore'] {
  try {
    return Told.safeParse(JSON.parse(stdout)).data?.fincore ?? [];
  } catch {
    return [];
  }
}
