import type { Plan } from '#schema/plan';
import type { LoadWish, RunStep } from './context.ts';
import { analysisStep } from './steps/analysis.ts';
import { captureStep } from './steps/capture.ts';
import { cardStep } from './steps/card.ts';
import { costStep } from './steps/cost.ts';
import { loadStep } from './steps/load.ts';
import { preflightStep, snapshotStep } from './steps/machine.ts';
import { physicsStep } from './steps/physics.ts';
import { resultsStep } from './steps/results.ts';
import { comparisonStep, targetsStep } from './steps/verdicts.ts';

/** What a plan does, in its order. */
export function stepsOf(plan: Plan, load: LoadWish | undefined): readonly RunStep[] {
  const { physics, capture, targets, baseline } = plan;
  const loads = Array.from({ length: plan.load?.repeat ?? 0 }, (_, i) => loadStep(plan, load, i + 1));
  return [
    snapshotStep,
    preflightStep,
    ...(physics ? [physicsStep] : []),
    ...loads,
    ...(capture === undefined ? [] : [captureStep(capture)]),
    ...(loads.length === 0 ? [] : [analysisStep(plan), costStep, resultsStep]),
    ...(targets === undefined ? [] : [targetsStep(targets)]),
    ...(baseline.length === 0 ? [] : [comparisonStep(baseline)]),
    cardStep,
  ];
}
