import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { writeFiles } from '#app/files/write-files';
import { ForensicsError } from '#core/errors';
import { lockCase, lockOf, unlockCase } from '#record/capture/case-lock';
import { cleanUp } from '#record/capture/cleanup';
import type { StopSignals } from '#record/processes/interruption';
import { Card } from '#schema/card';
import { makePlace, type Place, takePlace } from './place.ts';
import type { RunRequest } from './request.ts';
import { Walk } from './walk.ts';

/** How a run went. */
export interface RunOutcome {
  readonly folder: string;
  /** Steps that failed, or were not done; also before an interruption. */
  readonly failed: readonly { readonly step: string; readonly reason: string }[];
  /** Undefined where even that failed. */
  readonly card: Card | undefined;
}

function cardIn(place: Place): Card | undefined {
  const file = place.of('card.json');
  return existsSync(file) ? Card.parse(JSON.parse(readFileSync(file, 'utf8'))) : undefined;
}

/** Takes the folder of a run for this process, once what a killed one left running has ended. @throws ForensicsError bad-argument */
async function lockPlace(place: Place, tell: (step: string) => void): Promise<string> {
  const before = lockOf(place);
  if (before?.alive === true)
    throw new ForensicsError('bad-argument', `process ${before.pid} still works on ${place.path}`, 'Wait until it ends, or end it.');
  // A capture has processes of its own.
  for (const killed of [before, lockOf({ private: place.of('capture.private') })])
    if (killed?.isOfThisBoot === true) await cleanUp(killed.sessionTag, tell);
  const sessionTag = randomBytes(6).toString('hex');
  lockCase(place, sessionTag);
  return sessionTag;
}

/**
 * Goes through a plan, step by step. A step that was done before is not done again; one that fails is tried again, and then recorded.
 * @throws ForensicsError bad-argument, bad-record, not-found, not-writable where it cannot begin; the reason of `signals.stop`
 */
export async function runPlan(request: RunRequest, signals: StopSignals, tell: (step: string) => void): Promise<RunOutcome> {
  const place = request.isResumed ? takePlace(request.out) : makePlace(request.out);
  const sessionTag = await lockPlace(place, tell);
  try {
    // For whoever wants to know later; nothing is ever read from it.
    writeFiles(place.private, { 'plan.json': `${JSON.stringify(request.plan, null, 2)}\n` });
    const failed = await new Walk(request, place, sessionTag, signals, tell).go();
    return { folder: place.path, failed, card: cardIn(place) };
  } finally {
    unlockCase(place);
  }
}
