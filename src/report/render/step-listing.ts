import { ms, plain } from '#core/format/numbers';
import type { EngineStepKind, StepWork } from '#schema/engine-steps';
import { type Listing, listing } from './parallel/listing.ts';
import { STEP_TEXT } from './wording.ts';

const MISSING = '–';

/** The median of fewer steps is no usual one: it moves by as much as it is told apart from. */
const FEWEST_FOR_USUAL = 10;

/** A figure that rests on what is usual for the kind. */
export const usualWords = ({ steps }: EngineStepKind, value_ms: number): string => (steps < FEWEST_FOR_USUAL ? MISSING : ms(value_ms));

/** "8 (1–16)": the usual one, and from the least to the most. */
const spread = (amount: StepWork['sequences'] | null | undefined): string => {
  if (amount === null || amount === undefined) return MISSING;
  return amount.min === amount.max ? plain(amount.median) : `${plain(amount.median)} (${plain(amount.min)}–${plain(amount.max)})`;
};

/** What a step of each kind worked on; no rows where no times of tokens are known. */
export const stepWork = (kinds: readonly EngineStepKind[]): Listing =>
  listing(
    'What one step works on, by the tokens that come of it: the usual, and from the least to the most',
    kinds.filter(s => s.work !== null),
    [
      { head: 'Steps', text: s => STEP_TEXT[s.kind] },
      { head: 'Process', text: s => `${s.process} on ${s.device}` },
      { head: 'Sequences', text: s => spread(s.work?.sequences), numeric: true },
      { head: 'Prompt tokens', text: s => spread(s.work?.prompt_tokens), numeric: true },
      { head: 'Generated tokens', text: s => spread(s.work?.generated_tokens), numeric: true },
    ],
  );
