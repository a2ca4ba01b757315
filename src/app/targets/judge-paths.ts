import { type Surroundings, withScratch } from '#app/inputs/scratch';
import { readSide } from '#app/runs/read-side';
import { judgeTargets } from '#decide/targets/judge-targets';
import { wordJudgement } from '#report/build/decide/targets';
import type { Judgement } from '#schema/targets';
import { readTargets } from './read-targets.ts';

/**
 * Holds runs against the targets of a file.
 * @param paths as those of a comparison, `baseline:NAME` among them
 * @throws ForensicsError not-found, bad-argument, unknown-format, bad-record, and what an analysis may throw
 */
export const judgePaths = (
  request: { readonly targets: string; readonly paths: readonly string[]; readonly baselines: string },
  around: Surroundings,
): Promise<Judgement> =>
  withScratch(around, async scratch => {
    const targets = readTargets(request.targets);
    const reading = { scratch, env: around.env, tell: around.progress };
    const runs = (await readSide(request.paths, request.baselines, reading)).map(({ run }) => run);
    return wordJudgement(
      judgeTargets(runs, targets),
      runs.map(run => run.name),
    );
  });
