import { type Surroundings, withScratch } from '#app/inputs/scratch';
import type { ReadRun } from '#app/runs/read-run';
import { readSide } from '#app/runs/read-side';
import { readTargets } from '#app/targets/read-targets';
import { rankSum } from '#core/math/mann-whitney';
import { compareRuns } from '#decide/compare/compare-runs';
import type { Budget } from '#decide/compare/metric-facts';
import { changedBetween, changedCauses, changedKernels } from '#decide/compare/what-changed';
import { judgeTargets } from '#decide/targets/judge-targets';
import { wordComparison } from '#report/build/decide/comparison';
import type { Comparison } from '#schema/comparison';

/** What to hold against what. */
export interface CompareRequest {
  /** Paths, or `baseline:NAME`. */
  readonly base: readonly string[];
  readonly candidate: readonly string[];
  readonly budgets: readonly Budget[];
  /** Names of metrics that are judged alone; empty for those that are judged as a rule. */
  readonly only: readonly string[];
  /** Runs are independent of each other, although there are as many on both sides. */
  readonly isIndependent: boolean;
  /** Where named baselines lie. */
  readonly baselines: string;
  /** A file of targets that the runs to judge must reach. */
  readonly targets?: string | undefined;
}

/** Between the requests of one run a side: what says nothing of another run. */
function withinRun(base: readonly ReadRun[], candidate: readonly ReadRun[]): Comparison['within_run'] {
  const [[before, ...more], [after, ...others]] = [base, candidate];
  if (more.length + others.length > 0 || before?.e2e === undefined || after?.e2e === undefined) return null;
  const found = rankSum(before.e2e, after.e2e);
  return found === undefined ? null : { n: [before.e2e.length, after.e2e.length], slower_share: found.largerShare, p: found.p };
}

/**
 * Holds runs against runs: what changed for the worse or the better, and what else changed between them.
 * @throws ForensicsError not-found, bad-argument, unknown-format, bad-record, and what an analysis may throw
 */
export const comparePaths = (request: CompareRequest, around: Surroundings): Promise<Comparison> =>
  withScratch(around, async scratch => {
    const reading = { scratch, env: around.env, tell: around.progress };
    const side = (paths: readonly string[]) => readSide(paths, request.baselines, reading);
    const targets = request.targets === undefined ? undefined : readTargets(request.targets);
    const [base, candidate] = [await side(request.base), await side(request.candidate)];
    const [before, after] = [base.map(({ run }) => run), candidate.map(({ run }) => run)];
    const isPaired = !request.isIndependent && before.length === after.length;
    const compared = compareRuns(before, after, { budgets: request.budgets, only: request.only, isPaired });
    return wordComparison({
      ...compared,
      base: before.map(run => run.name),
      candidate: after.map(run => run.name),
      pairing: isPaired ? 'paired' : 'independent',
      within_run: withinRun(base, candidate),
      causes: changedCauses(before, after),
      targets: targets === undefined ? null : [...judgeTargets(after, targets)],
      kernels: [...changedKernels(before, after)],
      settings: [...changedBetween(before, after, run => ({ ...run.settings, ...(run.commit === null ? {} : { commit: run.commit }) }))],
      system: [...changedBetween(before, after, run => run.machine)],
    });
  });
