import { readdirSync } from 'node:fs';
import { writeFiles } from '#app/files/write-files';
import { ForensicsError } from '#core/errors';
import { makeFolder } from '#core/make-folder';
import { reasonOf } from '#core/reason-of';
import { clockPair } from '#record/samplers/clock-pair';
import { StorageStepResult } from '#schema/storage-step';
import { type Attempt, type Findings, measureStep } from './measure-step.ts';
import { prepareStep } from './prepare-step.ts';
import type { Workshop } from './workshop.ts';

/** Why an attempt that went through is none all the same; null where it is one. */
function shortcoming({ requests, contention }: Findings): string | null {
  if (requests === null || requests.ok === 0)
    return `no request succeeded (${requests?.failed ?? 0} failed, ${requests?.unfinished ?? 0} unfinished)`;
  if (contention?.covers === false)
    return `fio did not read for the whole of the load: the longest gap was ${Math.round(contention.longest_gap_ms)} ms`;
  return null;
}

/** Why an attempt failed; what is no fault of the machine, of the config or of a server is thrown on. */
function whyFailed(error: unknown): string {
  if (error instanceof ForensicsError) return `${error.message}. ${error.hint}`;
  if (error instanceof Error && 'syscall' in error) return reasonOf(error);
  throw error;
}

/**
 * One attempt at a step, into a folder of its own, of which step.json is written last.
 * @throws the reason of the signal that interrupts it; the folder then stays without step.json
 */
export async function runStep(attempt: Attempt, shop: Workshop): Promise<StorageStepResult> {
  const { step, number, folder } = attempt;
  makeFolder(folder);
  const start = clockPair();
  const found: Findings = { prepared: null, contention: null, figures: null, measured: null, requests: null, missing: [] };
  shop.markers.add({ event: 'step-begins', step: step.id, attempt: number });
  // What was cut off half-way is no measurement.
  const unlessStopped = () => {
    if (shop.signals.stop.aborted) throw shop.signals.stop.reason;
  };
  let why: string | null;
  try {
    found.prepared = await prepareStep(step, shop, number, what => found.missing.push(what));
    unlessStopped();
    await measureStep(attempt, shop, found);
    why = shortcoming(found);
  } catch (error) {
    unlessStopped();
    why = whyFailed(error);
  }
  unlessStopped();
  const result = StorageStepResult.parse({
    schema: 'forensics.storage-step/1',
    plan_sha256: shop.experiment.planSha256,
    ...{ step, attempt: number, status: why === null ? 'ok' : 'failed', why, start, end: clockPair() },
    ...found,
    files: readdirSync(folder).toSorted(),
  } satisfies StorageStepResult);
  writeFiles(folder, { 'step.json': `${JSON.stringify(result, null, 2)}\n` });
  shop.markers.add({
    event: why === null ? 'step-ends' : 'step-failed',
    step: step.id,
    attempt: number,
    ...(why === null ? {} : { detail: why }),
  });
  return result;
}
