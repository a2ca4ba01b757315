import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { ForensicsError } from '#core/errors';
import { lockCase, lockOf, unlockCase } from '#record/capture/case-lock';
import { planOf } from '#record/capture/case-of';
import { cleanUp, sweepParts } from '#record/capture/cleanup';
import { caseFolder } from '#record/capture/folder';
import { readJournal } from '#record/capture/journal';
import { assertSelfContained } from '#record/capture/self-contained';
import { installedNsys } from '#record/nsys/installed';
import { SESSION_TAG } from '#record/processes/tagged-processes';
import { startWatchdog } from '#record/processes/watchdog';
import { isFinished } from './case-report.ts';
import { type Captured, conclude, ownSecrets } from './conclude.ts';

/**
 * Finishes a case that was cut off, or whose export or analysis failed: imports, exports and analyzes what was recorded, and writes
 * case.json. The case is a stranger's: it names no program, and no process of this machine unless it was made since this boot.
 * @param nsysPath the program that the user names; else the one on PATH
 * @throws ForensicsError bad-record when something in the case leads out of it; not-found when there is no such case; bad-argument when nothing is left to do, or somebody is at it
 */
export async function resumeCapture(
  path: string,
  nsysPath: string | undefined,
  env: NodeJS.ProcessEnv,
  progress: (step: string) => void,
): Promise<Captured> {
  const folder = caseFolder(path);
  if (existsSync(folder.path)) assertSelfContained(folder);
  if (isFinished(folder))
    throw new ForensicsError('bad-argument', `${folder.path} is finished already`, `Analyze it with forensics analyze ${path}.`);
  const before = lockOf(folder);
  if (before?.alive === true)
    throw new ForensicsError('bad-argument', `process ${before.pid} still works on ${folder.path}`, 'Wait until it ends, or end it.');
  if (before?.isOfThisBoot === true) await cleanUp(before.sessionTag, progress);
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
  // Never the program that the case names: it came with the case.
  const nsys = await installedNsys(nsysPath, env);
  const sessionTag = randomBytes(6).toString('hex');
  lockCase(folder, sessionTag);
  const watchdog = startWatchdog({ sessionTag, commands: [], graceSeconds: 1 }, env);
  try {
    sweepParts(folder);
    const { content, reports } = await conclude(folder, entries, plan, nsys, {
      secrets: ownSecrets(plan.command, plan.keep_env, env),
      env: { ...env, [SESSION_TAG]: sessionTag },
      progress,
      // Whoever does not want to wait can end it, and resume once more.
      hurry: new AbortController().signal,
    });
    return { folder, content, reports, signal: undefined };
  } finally {
    watchdog.release();
    unlockCase(folder);
  }
}
