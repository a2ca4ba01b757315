import { randomUUID } from 'node:crypto';
import { InvalidArgumentError } from '@commander-js/extra-typings';
import type { LoadWish } from '#app/run/context';
import { secondsOf } from '#app/run/times';
import { replayOf, settingsOf } from '#cli/load/load-settings';
import { terminalObserver } from '#cli/load/observer';
import { arrivalWish, concurrencies, lengthWish, sweep } from '#cli/load/patterns';
import { targetOfAll } from '#cli/load/target-of';
import type { Terminal } from '#cli/terminal';
import { ForensicsError } from '#core/errors';
import type { Plan } from '#schema/plan';

/** Reads a field of a plan as the option of `forensics load` of that name. @throws ForensicsError bad-argument */
function read<T>(field: string, value: number | string | undefined, parse: (text: string) => T): T | undefined {
  if (value === undefined) return undefined;
  try {
    return parse(String(value));
  } catch (error) {
    if (!(error instanceof InvalidArgumentError)) throw error;
    throw new ForensicsError('bad-argument', `load.${field}: ${value} makes no sense`, error.message);
  }
}

/**
 * The load of a plan, as `forensics load` would send it; undefined where the plan has none.
 * @throws ForensicsError bad-argument, not-found
 */
export async function loadWish({ load }: Plan, terminal: Terminal): Promise<LoadWish | undefined> {
  if (load === undefined) return undefined;
  const extra = Object.keys(load.extra).length === 0 ? undefined : JSON.stringify(load.extra);
  const options = { api: 'auto', header: [], promptAs: 'words', ignoreEos: load.ignore_eos, extra } as const;
  const asked = targetOfAll(
    load.urls,
    { ...options, model: load.model, apiKeyEnv: load.api_key_env },
    terminal.env,
    randomUUID().slice(0, 8),
  );
  const wish = {
    arrivals: read('arrivals', load.arrivals, arrivalWish) ?? { kind: 'poisson' as const },
    rate: load.rate,
    duration: secondsOf(load.duration),
    concurrency: read('sweep', load.sweep, sweep) ?? read('concurrency', load.concurrency, concurrencies),
    warmUp: secondsOf(load.warm_up),
    promptTokens: read('prompt_tokens', load.prompt_tokens, lengthWish),
    outputTokens: read('output_tokens', load.output_tokens, lengthWish),
    ...{ timeout: secondsOf(load.timeout), drain: secondsOf(load.drain), seed: load.seed },
  };
  const replay = await replayOf(wish, { env: terminal.env, progress: terminal.tell });
  // What makes no sense is said before anything is started.
  settingsOf(asked, wish, replay);
  return {
    asked,
    settings: (target, k) => settingsOf(target, { ...wish, seed: load.seed + k - 1 }, replay),
    observer: terminalObserver(terminal),
  };
}
