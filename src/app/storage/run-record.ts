import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeFiles } from '#app/files/write-files';
import { version } from '#app/version';
import { clockPair } from '#record/samplers/clock-pair';
import { StorageRun, type StorageStepResult } from '#schema/storage-step';
import type { StorageFolder } from './folder.ts';
import type { Experiment } from './read-config.ts';

function recordedIn(folder: string): Partial<StorageRun> {
  try {
    return StorageRun.parse(JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8')));
  } catch {
    return {};
  }
}

/** Writes run.json, with when the experiment was begun and how often it was resumed. */
export function runRecord(folder: StorageFolder, { plan, planSha256 }: Experiment, device: string | undefined) {
  const old = recordedIn(folder.path);
  const begun = old.begun ?? clockPair();
  const resumed = folder.isResumed ? (old.resumed ?? 0) + 1 : 0;
  return (ended_by: StorageRun['ended_by'], results: readonly StorageStepResult[]): StorageRun => {
    const ok = results.filter(({ status }) => status === 'ok').length;
    const run: StorageRun = {
      schema: 'forensics.storage-run/1',
      tool: { name: 'forensics', version: version() },
      plan_sha256: planSha256,
      device: device ?? null,
      ...{ begun, resumed, ended_by, steps: { planned: plan.steps.length, ok, failed: results.length - ok } },
      missing: device === undefined ? ['no disk was found behind the files: the reads of all disks are told together'] : [],
    };
    writeFiles(folder.path, { 'run.json': `${JSON.stringify(StorageRun.parse(run), null, 2)}\n` });
    return run;
  };
}
