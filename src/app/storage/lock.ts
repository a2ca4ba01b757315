import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { writeFiles } from '#app/files/write-files';
import { ForensicsError } from '#core/errors';
import type { Seconds } from '#core/units';
import { until } from '#record/processes/end';
import { identityOf, taggedProcesses } from '#record/processes/tagged-processes';
import { isWatched } from '#record/processes/watchdog';

const FILE = 'lock.json';
/** Who works on an experiment, so that no other does at the same time. */
const Lock = z.strictObject({ pid: z.int().positive(), identity: z.string(), tag: z.string().regex(/^storage-[0-9a-f-]{36}$/) });

/** For so long what a killed run started may take to end; its watchdog sees to that. */
const SWEEP_SECONDS: Seconds = 60;

function lockOf(folder: string): z.infer<typeof Lock> | undefined {
  try {
    return Lock.parse(JSON.parse(readFileSync(join(folder, FILE), 'utf8')));
  } catch {
    return undefined;
  }
}

/**
 * Says that this process works on an experiment. Where another one was killed at it, waits until what that had started is gone: its processes are
 * looked at, never ended from here, since the file may be a stranger's.
 * @returns releases it
 * @throws ForensicsError bad-argument where somebody works on it
 */
export async function lockFolder(folder: string, tag: string): Promise<() => void> {
  const held = lockOf(folder);
  if (held !== undefined && identityOf(held.pid) === held.identity)
    throw new ForensicsError(
      'bad-argument',
      `${folder} is being run by process ${held.pid}`,
      'Wait for it, or stop it, or name another folder with --out.',
    );
  if (held !== undefined) await until(() => !isWatched(held.tag) && taggedProcesses(held.tag).length === 0, SWEEP_SECONDS);
  writeFiles(folder, { [FILE]: `${JSON.stringify({ pid: process.pid, identity: identityOf(process.pid) ?? '', tag })}\n` });
  return () => rmSync(join(folder, FILE), { force: true });
}
