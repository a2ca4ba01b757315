import { basename, join, relative, resolve } from 'node:path';
import { type Surroundings, withScratch } from '#app/inputs/scratch';
import { foldersIn, isRunFolder } from '#app/runs/folder';
import { runOfFolder } from '#app/runs/of-folder';
import type { RunReading } from '#app/runs/reading';
import { version } from '#app/version';
import { statsOf } from '#core/stats-of';
import { buildCard } from '#report/build/card/card';
import type { Told } from '#report/build/card/documents';
import type { Card } from '#schema/card';
import type { Run } from '#schema/run';
import { documentsIn } from './documents.ts';

const LOADS = 'loads';

/** The folders of a folder that are one run each: the loads of `forensics run`, itself where it is one, else those in it. */
async function runFolders(folder: string, reading: RunReading): Promise<readonly string[]> {
  const loads = join(folder, LOADS);
  if (statsOf(loads)?.isDirectory() === true) return onlyRuns(foldersIn(loads), reading);
  return (await isRunFolder(folder, reading)) ? [folder] : onlyRuns(foldersIn(folder), reading);
}

async function onlyRuns(folders: readonly string[], reading: RunReading): Promise<readonly string[]> {
  const found: string[] = [];
  for (const folder of folders) if (await isRunFolder(folder, reading)) found.push(folder);
  return found;
}

/**
 * One page of all that some folders tell.
 * @param name of the machine or the release
 * @throws ForensicsError not-found, bad-argument, bad-record, and what an analysis may throw
 */
export const makeCard = (folders: readonly string[], name: string, around: Surroundings): Promise<Card> =>
  withScratch(around, async scratch => {
    const documents = documentsIn(folders);
    const reading = { scratch, env: around.env, tell: around.progress };
    const runs: Told<Run>[] = [];
    for (const folder of folders)
      for (const path of await runFolders(folder, reading)) {
        const { run } = await runOfFolder(path, reading);
        const below = relative(folder, path);
        runs.push({ source: folders.length === 1 ? below || '.' : join(basename(resolve(folder)), below), data: run });
      }
    return buildCard(name, { ...documents, runs }, version());
  });
