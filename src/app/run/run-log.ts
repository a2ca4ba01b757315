import { appendFileSync } from 'node:fs';
import { hidePrivate, SECRETS } from '#core/secrets/find';
import type { RunStep } from './context.ts';
import type { Place } from './place.ts';

/** The folder of a run is shown to others. */
export const withoutSecrets = (text: string): string => hidePrivate(text, { ...SECRETS, folders: true });

const RUN_LOG = 'run.log';

/** Adds a line to the logs of a run, with its time. @param logs their names; those of the step otherwise */
export function logTo(place: Place, step: RunStep, line: string, logs = [RUN_LOG, ...(step.log === undefined ? [] : [step.log])]): void {
  const text = `${new Date().toISOString()} ${step.id}: ${withoutSecrets(line.replaceAll('\n', ' '))}\n`;
  for (const log of logs) appendFileSync(place.of(log), text);
}
