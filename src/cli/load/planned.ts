import { InvalidArgumentError } from '@commander-js/extra-typings';
import { ForensicsError } from '#core/errors';
import type { LoadSettings } from '#record/load-test/generator/settings';
import type { Target } from '#record/load-test/generator/target';
import type { SweepPlan } from '#schema/sweep-plan';
import { settingsOf } from './load-settings.ts';
import { arrivalWish, lengthWish } from './patterns.ts';
import { targetOf } from './target-of.ts';

/** Words of a plan, read as those of an option are. @throws ForensicsError bad-argument */
function read<T>(field: string, parse: (text: string) => T, text: string): T {
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof InvalidArgumentError)
      throw new ForensicsError('bad-argument', `${field} of the plan cannot be ${text}`, error.message);
    throw error;
  }
}

/** What a plan asks of which server. @throws ForensicsError bad-argument */
export const plannedTarget = (plan: SweepPlan, env: NodeJS.ProcessEnv, run: string): Target =>
  targetOf(
    plan.url,
    {
      ...{ api: plan.api, model: plan.model, header: [], apiKeyEnv: plan.api_key_env, promptAs: 'words', ignoreEos: plan.ignore_eos },
      extra: plan.extra === undefined ? undefined : JSON.stringify(plan.extra),
    },
    env,
    run,
  );

/** The load of one run of a plan: that of `forensics load` with the same words. @param repeat from 1 @throws ForensicsError bad-argument */
export function plannedLoad(plan: SweepPlan, target: Target, value: string, repeat: number): LoadSettings {
  const { load, over } = plan;
  const number = (name: string, usual: number | undefined) => (over === name ? Number(value) : usual);
  const [rate, concurrency] = [number('rate', load.rate), number('concurrency', load.concurrency)];
  const arrivals = read('load.arrivals', arrivalWish, load.arrivals);
  if (arrivals.kind === 'trace' || arrivals.kind === 'ramp')
    throw new ForensicsError('bad-argument', 'a sweep has one rate at a time', 'Leave trace: and ramp: to forensics load.');
  return settingsOf(
    target,
    {
      ...{ arrivals, rate, duration: load.duration_s, concurrency: concurrency === undefined ? undefined : [concurrency] },
      ...{
        warmUp: load.warm_up_s,
        seed: load.seed + repeat - 1,
        generators: load.generators,
        timeout: load.timeout_s,
        drain: load.drain_s,
      },
      promptTokens: read('load.prompt_tokens', lengthWish, over === 'prompt tokens' ? value : load.prompt_tokens),
      outputTokens: read('load.output_tokens', lengthWish, over === 'output tokens' ? value : load.output_tokens),
    },
    undefined,
  );
}

/** @throws ForensicsError bad-argument where a plan cannot be carried out: it is found before anything is measured */
export function assertPlan(plan: SweepPlan, target: Target): void {
  const values = plan.values ?? [plan.search?.from ?? 1, plan.search?.to ?? 1];
  for (const value of values) {
    const number = Number(value);
    if (plan.over === 'concurrency' && !(Number.isInteger(number) && number >= 1 && number <= 65_536))
      throw new ForensicsError('bad-argument', `${value} is no concurrency`, 'Give whole numbers from 1 to 65536.');
    if (plan.over === 'rate' && !(number > 0 && number <= 1_000_000))
      throw new ForensicsError('bad-argument', `${value} is no rate`, 'Give requests a second above 0.');
    plannedLoad(plan, target, String(value), 1);
  }
}
