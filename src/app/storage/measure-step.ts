import { EpochClock } from '#record/samplers/epoch-clock';
import { Fio } from '#record/storage/contention/fio';
import { figuresIn, measureAround } from '#record/storage/measure/around';
import type { Load } from '#schema/load';
import type { StorageStep } from '#schema/storage-plan';
import type { StorageStepResult } from '#schema/storage-step';
import { sendStep } from './step-load.ts';
import type { Workshop } from './workshop.ts';

/** What an attempt has come to so far; what is not there yet is null. */
export type Findings = { -readonly [key in 'prepared' | 'contention' | 'figures' | 'measured' | 'requests']: StorageStepResult[key] } & {
  readonly missing: string[];
};

/** Where an attempt leaves what it measures. */
export interface Attempt {
  readonly step: StorageStep;
  readonly number: number;
  readonly folder: string;
}

const nowMs = (): number => Number(new EpochClock().now() / 1_000_000n);

/** Sends the load, with fio beside it for the whole of it where the step wants that. @throws ForensicsError */
async function sendBesideFio({ step, number, folder }: Attempt, shop: Workshop, found: Findings): Promise<Load> {
  const known = await shop.targetOf(step);
  const at = { step: step.id, attempt: number };
  const { contended } = shop;
  const fio =
    step.contention === null || contended === undefined ? undefined : await Fio.begin(contended, step.contention, folder, shop.env);
  if (fio !== undefined) shop.markers.add({ event: 'contention-begins', ...at });
  const fromMs = nowMs();
  shop.markers.add({ event: 'load-begins', ...at });
  try {
    const load = await sendStep(step, known, shop.experiment, folder, shop.signals);
    shop.markers.add({ event: 'load-ends', ...at });
    return load;
  } finally {
    if (fio !== undefined) {
      found.contention = await fio.finish({ fromMs, toMs: nowMs() });
      shop.markers.add({ event: 'contention-ends', ...at });
    }
  }
}

/** Sends the load of a step, and measures the machine around it. @throws ForensicsError */
export async function measureStep(attempt: Attempt, shop: Workshop, found: Findings): Promise<void> {
  const { step, folder } = attempt;
  const { disks, device, env, experiment } = shop;
  const note = (what: string) => {
    if (!found.missing.includes(what)) found.missing.push(what);
  };
  const adapters = experiment.adapters.get(step.load.adapters?.list ?? '') ?? [];
  await measureAround(folder, { disks, device, adapters, env }, experiment.config.samples_ms, note, async () => {
    const load = await sendBesideFio(attempt, shop, found);
    const [stage] = load.stages;
    if (stage !== undefined) {
      const { sent, ok, failed, unfinished } = stage.requests;
      found.requests = { sent, ok, failed, unfinished };
      found.measured = { start_ns: stage.start_ns, end_ns: stage.end_ns };
    }
    for (const warning of load.warnings) note(warning);
  });
  if (found.measured === null) return;
  found.figures = figuresIn(folder, { from: BigInt(found.measured.start_ns), to: BigInt(found.measured.end_ns) }, device);
}
