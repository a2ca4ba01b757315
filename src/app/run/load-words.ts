import { fileURLToPath } from 'node:url';
import { COMMAND_LINE } from '#app/paths';
import type { Seconds } from '#core/units';
import type { Plan } from '#schema/plan';
import { secondsOf } from './times.ts';

type PlannedLoad = NonNullable<Plan['load']>;

/** A word as a shell reads it back, whatever it holds. */
const quoted = (word: string): string => `'${word.replaceAll("'", String.raw`'\''`)}'`;

/** Of several loads the last: under the profiler one is looked at. */
const lastOf = (list: string): string => list.split(/[,-]/).at(-1) ?? list;

/**
 * The load of a plan as a line for a shell, for a capture that starts it beside the server.
 * @param seconds how long it sends
 * @param out a new folder
 */
export function loadLine(load: PlannedLoad, seconds: Seconds, out: string): string {
  const { rate, arrivals, concurrency, sweep, model, api_key_env, prompt_tokens, output_tokens, extra } = load;
  const named: readonly (readonly [string, number | string | undefined])[] = [
    ['--model', model],
    ['--rate', rate],
    ['--arrivals', rate === undefined && !/^(?:ramp|trace):/.test(arrivals) ? undefined : arrivals],
    ['--concurrency', concurrency === undefined && sweep === undefined ? undefined : lastOf(concurrency ?? sweep ?? '')],
    ['--duration', seconds],
    ['--prompt-tokens', prompt_tokens],
    ['--output-tokens', output_tokens],
    ['--extra', Object.keys(extra).length === 0 ? undefined : JSON.stringify(extra)],
    ['--api-key-env', api_key_env],
    ['--timeout', secondsOf(load.timeout)],
    ['--drain', 10],
    ['--out', out],
  ];
  const options = named.flatMap(([name, value]) => (value === undefined ? [] : [name, String(value)]));
  const words = [process.execPath, fileURLToPath(COMMAND_LINE), 'load', ...load.urls, ...options];
  return [...words, ...(load.ignore_eos ? [] : ['--no-ignore-eos'])].map(quoted).join(' ');
}
