import type { StorageStep } from '#schema/storage-plan';
import type { StorageStepResult } from '#schema/storage-step';
import type { StorageFolder } from './folder.ts';
import { runStep } from './run-step.ts';
import type { Workshop } from './workshop.ts';

/** One step until it is done: what fails is repeated as often as the config says, and then recorded. @throws the reason of a signal */
export async function completeStep(step: StorageStep, folder: StorageFolder, shop: Workshop): Promise<StorageStepResult> {
  for (const name of folder.makeRoom(step)) shop.markers.add({ event: 'attempt-found', step: step.id, detail: name });
  for (;;) {
    const { all, failed } = folder.attemptsOf(step);
    const result = await runStep({ step, number: all + 1, folder: folder.partOf(step) }, shop);
    if (result.status === 'ok' || failed >= shop.experiment.config.retries) {
      folder.keep(step);
      return result;
    }
    shop.progress(`${step.id} failed, and is repeated: ${result.why}`);
    folder.putAside(step);
  }
}
