import { existsSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ForensicsError } from '#core/errors';
import type { Nsys } from '#record/nsys/installed';
import { importRecording } from '#record/nsys/recording-files';
import { redactText } from '#record/redaction/redact-text';
import { redactTrace } from '#record/redaction/redact-trace';
import type { Secrets } from '#record/redaction/secrets';
import { copyText, leftIn } from './artifacts.ts';
import { exportWhole } from './export-whole.ts';
import { type CaseFolder, recordingsOf } from './folder.ts';
import type { Plan } from './journal.ts';
import { windowNames } from './record.ts';

/** What became of the recording. */
export interface Finished {
  /** Traces in the case, by their window: names without the ending. */
  readonly traces: ReadonlyMap<string, readonly string[]>;
  readonly missing: readonly string[];
}

export interface FinishOptions {
  readonly secrets: Secrets;
  readonly env: NodeJS.ProcessEnv;
  readonly progress: (step: string) => void;
  /** What is not done by then is left for --resume. */
  readonly hurry: AbortSignal;
}

/** Names that a file of the workload cannot have in a case: they are the case's own. */
const TAKEN = /^(?:(?:case|system)\.json|journal\.jsonl|(?:gpu|host|nvlink|xid)\.csv|gpu\.stderr\.txt|report.*|.*\.sqlite)$/;

/** Importing and exporting take about as long as recording did; a window of an hour is the longest that is thought of here. */
const LONGEST_SECONDS = 3600;

/**
 * Turns what nsys left into traces of the case, and brings in what the workload left. What is there already is kept, so
 * that this can be run again after it was cut off.
 */
export async function finish(folder: CaseFolder, plan: Plan, nsys: Nsys, options: FinishOptions): Promise<Finished> {
  const clean = (text: string) => (plan.redact ? redactText(text, options.secrets) : text);
  const missing: string[] = [];
  const traces = new Map<string, readonly string[]>();
  for (const window of windowNames(plan.windows)) {
    const names: string[] = [];
    for (const stem of recordingsOf(folder, window)) {
      const target = join(folder.path, `${stem}.sqlite`);
      try {
        if (!existsSync(target)) await makeTrace(folder, stem, target, plan, nsys, options);
        names.push(stem);
      } catch (error) {
        if (options.hurry.aborted) missing.push(`${stem}: not exported, since the capture was interrupted twice (--resume does it)`);
        else if (error instanceof ForensicsError) missing.push(clean(`${stem}: ${error.message}`));
        else throw error;
      }
    }
    traces.set(window, names);
  }
  for (const name of leftIn(folder.workload)) {
    const lost = TAKEN.test(name)
      ? `${name}, which the workload left, was left out of the case: its name is taken`
      : copyText(join(folder.workload, name), join(folder.path, name), clean);
    if (lost !== undefined) missing.push(lost);
  }
  return { traces, missing };
}

async function makeTrace(
  folder: CaseFolder,
  stem: string,
  target: string,
  plan: Plan,
  nsys: Nsys,
  { secrets, env, progress, hurry }: FinishOptions,
): Promise<void> {
  hurry.throwIfAborted();
  progress(`${stem}: making the trace`);
  const recording = await importRecording(nsys, folder.stem(stem), LONGEST_SECONDS, env);
  const raw = `${folder.stem(stem)}.sqlite`;
  if (!existsSync(raw)) await exportWhole(nsys, recording, plan.redact ? raw : target, LONGEST_SECONDS, env);
  if (!plan.redact) return;
  progress(`${basename(target)}: taking out what is private`);
  await redactTrace({ from: raw, to: target, secrets, signal: hurry });
  // The recording holds all of it; its export can be made again.
  rmSync(raw, { force: true });
}
