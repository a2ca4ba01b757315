import { NO_CORRECTION, runAnalysis } from '#app/analyze/run-analysis';
import { writeReport } from '#app/files/write-report';
import { ForensicsError } from '#core/errors';
import type { Plan } from '#schema/plan';
import type { RunStep } from '../context.ts';
import { pricesOf } from '../prices.ts';
import { loadsIn } from './loads.ts';

const REPORT = 'report';

/** Why requests of each load were slow, as far as no trace is needed for it. */
export const analysisStep = (planned: Plan): RunStep => ({
  id: 'analysis',
  what: 'analyze each load with the samples around it',
  kind: 'derived',
  asksServer: false,
  files: Array.from({ length: planned.load?.repeat ?? 0 }, (_, i) => `loads/${i + 1}/${REPORT}`),
  act: async ({ plan, place, env, tell }) => {
    const notes: string[] = [];
    for (const { folder } of loadsIn(place, plan)) {
      try {
        const found = await runAnalysis(place.of(folder), {}, NO_CORRECTION, tell, { prices: pricesOf(plan), env });
        await writeReport(found, place.of(folder, REPORT));
      } catch (error) {
        if (!(error instanceof ForensicsError)) throw error;
        notes.push(`${folder} could not be analyzed: ${error.message}`);
      }
    }
    return notes;
  },
});
