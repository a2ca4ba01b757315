import { lengthOf } from '#cli/remaining';
import type { SweepPlan } from '#schema/sweep-plan';

/** What a plan would do, for --dry-run. */
export function planWords(plan: SweepPlan): string[] {
  const { values, search, repeats, load, over, server, slo } = plan;
  const seconds = load.duration_s + load.warm_up_s;
  const runs = values === undefined ? undefined : values.length * repeats;
  const loop = over === 'rate' || load.rate !== undefined ? 'open loop' : 'closed loop';
  return [
    values === undefined
      ? `Searches the highest ${over} from ${search?.from} to ${search?.to} at which ${slo.join(' and ')} holds, to within ${(search?.within ?? 0) * 100} %.`
      : `Goes over ${over}: ${values.join(', ')}.`,
    `Each setting ${repeats === 1 ? 'once' : `${repeats} times, the settings in turn`}: ${load.duration_s} s of load (${loop}) after ${load.warm_up_s} s of warm-up, prompts of ${load.prompt_tokens} and answers of ${load.output_tokens} tokens.`,
    ...(runs === undefined ? [] : [`${runs} runs, about ${lengthOf(runs * seconds * 1000)} of load.`]),
    ...(slo.length === 0 || values === undefined ? [] : [`Judges ${slo.join(' and ')}.`]),
    ...(server === undefined
      ? ['The server is left as it is.']
      : [
          `Before each run of another setting it runs: ${server.restart.join(' ')}`,
          `and waits for ${server.ready_url} (at most ${server.ready_within_s} s).`,
        ]),
    'Nothing was measured: leave --dry-run out to begin.',
  ];
}
