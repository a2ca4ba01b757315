import { count, percent, plain } from '#core/format/numbers';
import type { FoundSteps } from '#multi-gpu/training/find-steps';
import type { NoUtilisation, Utilisation } from '#multi-gpu/training/utilisation';
import type { Training } from '#schema/training';

/** By what steps were told apart, after "told apart by". */
export function markWords({ by, mark }: Pick<FoundSteps, 'by' | 'mark'>): string {
  switch (by) {
    case 'range':
      return `the program’s range “${mark}”, once a step on each rank`;
    case 'optimizer':
      return 'the kernels of the optimizer, with which each step ends';
    case 'pipeline-iterations':
      return 'the iterations of the pipeline';
    case 'gradient-all-reduce':
      return 'the collectives that add gradients up, the last of which ends each step';
    default:
      return 'the period of the sequence of kernels and their shapes';
  }
}

const SURE = { high: 'sure', medium: 'fairly sure', low: 'not sure' } as const;

/** How sure that is. */
export const sureWords = ({ sure, alike }: Pick<FoundSteps, 'sure' | 'alike'>): string =>
  `${SURE[sure]}: ${percent(alike)} of them run as much work as the median step`;

const tera = (flops: number) => `${plain(flops / 1e12)} TFLOP`;

/** What was used of the peak, in a sentence. */
export function utilisationWords({
  flops_per_step,
  from,
  peak_flops,
  peak,
  gpus,
  median_share,
  mean_share,
}: NonNullable<Training['utilisation']>): string {
  const known = from === 'given' ? 'as given' : 'by the shapes of the matrix products that ranges name';
  return `Model FLOP utilisation was ${percent(median_share)} in a step of median length and ${percent(mean_share)} over all steps: ${tera(flops_per_step)} a step (${known}) on ${count(gpus, 'GPU')} of ${tera(peak_flops)}/s each (${peak}).`;
}

/** The peak that was compared with. */
export const peakWords = ({ known }: Utilisation['peak']): string =>
  known === undefined ? 'as given; of whichever precision that is' : `${known.precision} peak by ${known.source}`;

/** Why there is no utilisation, as what could not be told. */
export function noUtilisation({ lacks, gpus }: NoUtilisation): string {
  const names = gpus.map(g => (g === '' ? 'a GPU without a name' : `“${g}”`)).join(' and ');
  switch (lacks) {
    case 'operations':
      return 'Model FLOP utilisation: kernels do not say the shapes of their products. Say --flops-per-step, or record shapes (emit_nvtx(record_shapes=True)).';
    case 'peak':
      return `Model FLOP utilisation: the peak of ${names} is not known here. Say --peak-flops with that of the precision that the model computes in.`;
    default:
      return `Model FLOP utilisation: the ranks run on different GPUs (${names}), so one peak does not stand for all.`;
  }
}
