import { bytes, count, ms, plain } from '#core/format/numbers';
import type { GpuActivity } from '#machine/server-activity';
import type { CheckupLoad } from '#schema/checkup';
import type { CheckupFacts } from './facts.ts';

const MIB = 2 ** 20;
const span = (values: readonly number[], text: (value: number) => string): string => {
  const [low, high] = [text(Math.min(...values)), text(Math.max(...values))];
  return low === high ? low : `${low} to ${high}`;
};
const inMib = (mib: number) => bytes(Math.round(mib * MIB));

/** For what part of the time GPUs were active. */
export function activeWords(gpus: readonly GpuActivity[]): string {
  const told = gpus.flatMap(g => g.utilizationPct ?? []);
  return told.length === 0 ? 'their utilization is not told' : `active for ${span(told, plain)} % of the time`;
}

/** What GPUs hold. */
export function memoryWords(gpus: readonly GpuActivity[]): string {
  const used = gpus.flatMap(g => g.memoryUsedMib ?? []);
  const total = gpus.flatMap(g => g.memoryTotalMib ?? []);
  if (used.length === 0) return 'The driver does not tell what they hold.';
  const of = total.length === 0 ? '' : ` of ${span(total, inMib)}`;
  return `${count(gpus.length, 'GPU')} ${gpus.length === 1 ? 'holds' : 'hold'} ${span(used, inMib)}${of}.`;
}

/** What came of requests. */
export function loadWords(load: CheckupLoad, concurrency: number): string {
  const rate = load.tokens_per_s === null ? 'the server counts no tokens' : `${plain(load.tokens_per_s)} tokens a second`;
  const first = load.ttft_p50_ms === null ? '' : `, first token after ${ms(load.ttft_p50_ms)}`;
  const [why] = Object.entries(load.failures).toSorted(([, a], [, b]) => b - a)[0] ?? [];
  const failed = load.failed === 0 ? '' : `, ${plain(load.failed)} failed${why === undefined ? '' : `: ${why}`}`;
  return `prompts of ${plain(load.prompt_tokens)} tokens, ${count(concurrency, 'request')} at a time: ${rate}${first} (${plain(load.ok)} answered${failed})`;
}

/** What could not be looked at, in sentences. */
export function unknownWords({ kind, activity, loads, expectedBy, looked }: CheckupFacts): string[] {
  return [
    ...(loads.length === 0
      ? ['What the server gives, and whether all GPUs work for it: no request was sent. Name the server with --url.']
      : []),
    ...(loads.length > 0 && expectedBy === undefined
      ? ['Whether that is fast: nothing is known of this model on these GPUs. Say what you expect with --expect-rate.']
      : []),
    ...(activity.gpus.some(g => g.utilizationPct === undefined)
      ? ['For what part of the time some GPUs worked: the driver does not tell.']
      : []),
    ...(kind === 'full' && looked.logs === 0
      ? [
          `What the server's log says: ${looked.isDockerSilent ? 'docker does not answer' : 'no container of a known server runs, or its log is in no known format'}. Name a log with --log.`,
        ]
      : []),
    ...looked.silent.map(command => `What ${command} shows: it does not answer.`),
  ];
}
