import { randomUUID } from 'node:crypto';
import { sendInto } from '#app/load-test/run-load-test';
import type { LoadObserver } from '#record/load-test/generator/run-load';
import type { LoadSettings } from '#record/load-test/generator/settings';
import { type Target, usualAdapterField } from '#record/load-test/generator/target';
import type { StopSignals } from '#record/processes/interruption';
import type { Load } from '#schema/load';
import type { StorageServer } from '#schema/storage-config';
import type { StorageStep } from '#schema/storage-plan';
import type { Experiment } from './read-config.ts';

const SILENT: LoadObserver = { stage: () => {}, outcome: () => {}, progress: () => {}, staged: () => {} };

/** What a server is asked, without adapters and prompts. */
export function plainTarget(server: StorageServer): Target {
  const { origin, pathname, search } = new URL(server.url);
  const speaksOpenAi = server.api !== 'triton';
  return {
    ...{
      origin,
      path: `${pathname}${search}`,
      api: server.api,
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: null,
    },
    ...{
      model: speaksOpenAi ? (server.model ?? null) : null,
      promptKind: 'words',
      ignoreEos: speaksOpenAi,
      includeUsage: speaksOpenAi,
      extra: {},
    },
    run: randomUUID().slice(0, 8),
  };
}

/** A step's own target: a run of its own, so that no attempt says what another said. */
function targetOf(step: StorageStep, known: Target, { config, adapters, texts }: Experiment): Target {
  const { load } = step;
  const names = load.adapters === null ? [] : (adapters.get(load.adapters.list) ?? []).map(({ name }) => name);
  const field = config.models[step.model]?.[step.server]?.adapter_field ?? usualAdapterField(known.api);
  const text = texts.get(load.prompts);
  return {
    ...known,
    run: randomUUID().slice(0, 8),
    hasNonce: load.nonce,
    ...(text === undefined ? {} : { promptText: text }),
    ...(load.adapters === null ? {} : { adapters: { names, session: load.adapters.session, sessions: load.sessions, field } }),
  };
}

function patternOf({ load }: StorageStep): LoadSettings['pattern'] {
  const duration = load.duration_s ?? Number.POSITIVE_INFINITY;
  const requests = load.requests ?? Number.POSITIVE_INFINITY;
  if (load.concurrency !== null) return { loop: 'closed', concurrency: [load.concurrency], duration, requests };
  return { loop: 'open', arrivals: { kind: 'poisson', rate: load.rate_per_s ?? 1 }, duration, requests };
}

/** Sends the load of a step into its folder. @throws ForensicsError bad-argument, not-writable, unsupported */
export const sendStep = (step: StorageStep, known: Target, experiment: Experiment, folder: string, signals: StopSignals): Promise<Load> =>
  sendInto(
    {
      target: targetOf(step, known, experiment),
      pattern: patternOf(step),
      warmUp: step.load.warm_up_s,
      promptTokens: { kind: 'constant', tokens: step.load.prompt_tokens ?? 1 },
      outputTokens: { kind: 'constant', tokens: step.load.output_tokens },
      seed: step.seed,
      generators: 1,
      limits: { timeout: experiment.config.timeout_s, drain: experiment.config.timeout_s },
    },
    folder,
    SILENT,
    signals,
  );
