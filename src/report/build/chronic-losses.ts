import { itemAt, valueAt } from '#core/columns';
import { msOf, percent } from '#core/format/numbers';
import { medianOf } from '#core/math/median';
import type { Ns, Share } from '#core/units';
import { BUCKETS } from '#diagnosis/steps/buckets';
import type { EngineSteps } from '#diagnosis/steps/engine-steps';
import { STEP_KINDS } from '#diagnosis/steps/step-kinds';
import { CAUSE_TEXT, CAUSES, type Cause, hasFlag } from '#schema/causes';
import type { Finding } from '#schema/report';
import { STEP_KIND_TEXT } from './step-kind-text.ts';

/** As for steps of a kind: what makes a step a tenth longer than it would be without is worth a word. */
const WORTH: Share = 0.1;
/** Steps of a kind must hold this share of the time. */
const KIND_WORTH: Share = 0.1;

/** Causes that cost time while the GPU works; waits for admission are no part of a step. */
const WORKING: readonly Cause[] = CAUSES.filter(c => (hasFlag(c, 'busy') || hasFlag(c, 'sustained')) && !hasFlag(c, 'waiting'));

const sum = (values: readonly Ns[]) => values.reduce((a, b) => a + b, 0);

/**
 * Causes that slow every step while the GPU works: neighbours, clocks, copies, late ranks. What a usual step loses to one of them is held
 * against what the step would take without it; the run's own median would call it usual.
 */
export const chronicLosses = (lanes: readonly { readonly steps: EngineSteps | undefined }[]): Finding[] =>
  lanes.flatMap(({ steps }) => (steps === undefined ? [] : lossesOf(steps)));

function lossesOf(steps: EngineSteps): Finding[] {
  const all = [...steps.duration].filter(ns => ns > 0);
  return STEP_KINDS.flatMap((kind, k) => {
    const durations = [...steps.duration].filter((ns, i) => ns > 0 && steps.kind[i] === k);
    if (durations.length === 0 || sum(durations) < KIND_WORTH * sum(all)) return [];
    const step = medianOf(durations);
    return WORKING.flatMap((cause): Finding[] => {
      const lost = valueAt(itemAt(steps.normal.losses, k).buckets, BUCKETS.indexOf(cause));
      if (!(lost >= WORTH * (step - lost)) || lost <= 0) return [];
      return [
        {
          id: `chronic-${cause}`,
          severity: 'medium',
          title: `${CAUSE_TEXT[cause].title} in every step`,
          detail: `A ${STEP_KIND_TEXT[kind]} step takes ${msOf(step)}. It loses ${msOf(lost)} to this: without it, it would take ${msOf(step - lost)}, and is ${percent(lost / Math.max(1, step - lost))} longer. Every request pays this, so none looks slow beside the others.`,
          advice: CAUSE_TEXT[cause].advice,
          evidence: [],
        },
      ];
    });
  });
}
