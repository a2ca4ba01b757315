import { compact, dropAll, dropFiles, readIntoCache } from '#record/storage/quiet/page-cache';
import { settle } from '#record/storage/quiet/settle';
import type { StorageStep } from '#schema/storage-plan';
import type { StorageStepResult } from '#schema/storage-step';
import type { Workshop } from './workshop.ts';

type Prepared = NonNullable<StorageStepResult['prepared']>;

/** Files of the weights of a step's adapters. */
const weightsOf = (step: StorageStep, { experiment: { adapters } }: Workshop): string[] =>
  (adapters.get(step.load.adapters?.list ?? '') ?? []).flatMap(({ file }) => file ?? []);

/** Starts the server of a step, anew where the step wants it; others are ended first. */
async function serve(step: StorageStep, shop: Workshop, attempt: number): Promise<boolean> {
  const server = shop.serverOf(step);
  await shop.stopOthers(step);
  const anew = step.restart && server.isOurs;
  if (anew && server.runs) {
    await server.stop();
    shop.markers.add({ event: 'server-stops', step: step.id, attempt });
  }
  if (!server.runs) shop.markers.add({ event: 'server-starts', step: step.id, attempt });
  await server.start();
  shop.markers.add({ event: 'server-ready', step: step.id, attempt });
  return anew;
}

/**
 * Brings machine and server to where a step begins: the server is started, then the page cache is emptied or filled as the step wants it, then all comes
 * to rest. @param note is told what could not be done
 * @throws ForensicsError unsupported
 */
export async function prepareStep(step: StorageStep, shop: Workshop, attempt: number, note: (what: string) => void): Promise<Prepared> {
  const { quiescence } = shop.experiment.config;
  const restarted = await serve(step, shop, attempt);
  // After the start, which may have read what the step wants cold.
  const weights = weightsOf(step, shop);
  if (step.drop === 'all') await dropAll(shop.env);
  const why = step.drop === 'adapters' ? await dropFiles(weights, shop.env) : undefined;
  if (why !== undefined) note(why);
  if (quiescence.compact) compact();
  const primed = step.prime ? await readIntoCache(weights) : 0;
  const rest = await settle(shop.disks, quiescence, shop.signals.stop);
  if (rest.idle === false) note(`the machine was not idle for ${quiescence.idle_s} s within ${quiescence.limit_s} s`);
  shop.markers.add({ event: 'quiet', step: step.id, attempt });
  return {
    restarted,
    server_start: shop.serverOf(step).starts,
    dropped: step.drop === 'adapters' && (weights.length === 0 || why !== undefined) ? 'none' : step.drop,
    compacted: quiescence.compact,
    ...rest,
    primed,
  };
}
