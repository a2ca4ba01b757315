import { comparePaths } from '#app/compare/compare-paths';
import { writeFiles } from '#app/files/write-files';
import { BASELINES } from '#app/runs/baselines';
import { judgePaths } from '#app/targets/judge-paths';
import type { RunContext, RunStep } from '../context.ts';
import { loadsIn } from './loads.ts';
import { relativeTo } from './relative.ts';

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** The runs to judge; undefined where none was measured. */
function measured({ place, plan }: RunContext): readonly string[] | undefined {
  const folders = loadsIn(place, plan).map(({ folder }) => place.of(folder));
  return folders.length === 0 ? undefined : folders;
}

/** Whether the loads reach what they must. @param targets a file */
export const targetsStep = (targets: string): RunStep => ({
  id: 'targets',
  what: 'hold the loads against the targets',
  kind: 'derived',
  asksServer: false,
  files: ['judgement.json'],
  act: async context => {
    const { place, env, tell } = context;
    const paths = measured(context);
    if (paths === undefined) return ['no load was measured, so no target was judged'];
    const judged = await judgePaths({ targets, paths, baselines: BASELINES }, { env, progress: tell });
    writeFiles(place.path, { 'judgement.json': json(relativeTo(place, judged)) });
    return [];
  },
});

/** Whether the loads are worse than earlier ones. @param base runs, or `baseline:NAME` */
export const comparisonStep = (base: readonly string[]): RunStep => ({
  id: 'comparison',
  what: 'compare the loads with the baseline',
  kind: 'derived',
  asksServer: false,
  files: ['comparison.json'],
  act: async context => {
    const { place, env, tell } = context;
    const candidate = measured(context);
    if (candidate === undefined) return ['no load was measured, so nothing was compared'];
    const request = { base, candidate, budgets: [], only: [], isIndependent: true, baselines: BASELINES };
    const compared = await comparePaths(request, { env, progress: tell });
    writeFiles(place.path, { 'comparison.json': json(relativeTo(place, compared)) });
    return [];
  },
});
