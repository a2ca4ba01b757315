import { z } from 'zod';

/** Where AIPerf 0.10 and later keep the load that was asked for. */
export const PHASES = 'input_config.phases';

/** One phase of a run: a warm-up has the same fields as what is measured. */
export const Phase = z.object({
  name: z.string().optional(),
  exclude_from_results: z.boolean().nullish(),
  concurrency: z.number().positive().nullish(),
  rate: z.number().positive().nullish(),
});
export type Phase = z.infer<typeof Phase>;

/** The phase that the results are of; undefined where several are in them, since no one load was asked for then. */
export const phaseOf = (phases: readonly Phase[]): Phase | undefined => {
  const measured = phases.filter(({ name, exclude_from_results }) => exclude_from_results !== true && name !== 'warmup');
  return measured.length === 1 ? measured[0] : undefined;
};
