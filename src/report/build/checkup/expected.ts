import { plain } from '#core/format/numbers';
import { GUIDE_DOUBTS } from '#machine/peaks/guide-rates';
import type { Checkup } from '#schema/checkup';
import type { CheckupFacts } from './facts.ts';

/** Where the guide contradicts the figures that it gives, for so many GPUs. */
function doubtsOf(gpus: number, expected: number): string[] {
  const always = 'The guide does not say for how many requests at once its table holds.';
  if (gpus !== GUIDE_DOUBTS.gpus) return [always];
  const half = plain(expected / 2);
  return [
    `The guide contradicts itself: its example of a healthy server of four GPUs gives ${plain(GUIDE_DOUBTS.healthy)} tokens a second, and its issue 4 asks for ${plain(GUIDE_DOUBTS.asked)} and more; both are below ${half}, half of what its table expects.`,
    always,
  ];
}

/** What is expected of the server, and who says so. */
export function expectedOf({ activity, expectedBy, model }: CheckupFacts): Checkup['expected'] {
  const { expected, gpus } = activity;
  if (expected === undefined) return null;
  if (expectedBy === 'user') return { tokens_per_s: expected, from: '--expect-rate', doubts: [] };
  const from = `the table "Performance Benchmarks" of the multi-GPU guide, ${model ?? ''} on ${gpus.length} × ${gpus[0]?.name ?? ''}, its lower end`;
  return { tokens_per_s: expected, from, doubts: doubtsOf(gpus.length, expected) };
}
