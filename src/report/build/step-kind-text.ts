import type { StepKind } from '#diagnosis/steps/step-kinds';

/** A step of each kind, before the word step. */
export const STEP_KIND_TEXT: Readonly<Record<StepKind, string>> = {
  plain: 'usual',
  prefill: 'usual prefill',
  mixed: 'usual mixed (prompts, and tokens for others)',
  heavier: 'usual heavy (prefill, or more work otherwise)',
  other: 'usual other',
};
