import { z } from 'zod';
import { CAUSES, CAUSES_BY_FLAG, CAUSE_TEXT as TEXT } from './causes.gen.ts';

// The rest of what the folders of causes say. Types stay exact: that a query or a need exists is checked where it is used.
export { CAUSE_EVIDENCE, CAUSE_LOOK, CAUSE_NEEDS, CAUSE_OF_FAULT, CAUSE_UNTRACED } from './causes.gen.ts';
export { CAUSES, CAUSES_BY_FLAG };

/** The causes a delay can be put down to. The ids are fixed: other tools and stored reports rely on them. */
export const Cause = z.enum(CAUSES);
export type Cause = z.infer<typeof Cause>;

/** A cause, or the honest rest. */
export const CauseOrRest = z.enum([...CAUSES, 'unexplained']);
export type CauseOrRest = z.infer<typeof CauseOrRest>;

/** What a reader is told about each cause: a name in words, why it hurts, what to do; and what it did, and what to do first, in a line. */
export const CAUSE_TEXT: Readonly<Record<CauseOrRest, Readonly<Record<'title' | 'meaning' | 'advice' | 'plainly' | 'action', string>>>> =
  TEXT;

/** How diagnosis and report treat a cause beside what its detector says; tools/codegen/cause-file.ts says what each flag means. */
export type CauseFlag = keyof typeof CAUSES_BY_FLAG;

export function hasFlag(cause: CauseOrRest, flag: CauseFlag): boolean {
  const flagged: readonly CauseOrRest[] = CAUSES_BY_FLAG[flag];
  return flagged.includes(cause);
}

/** The cause of waits for admission while nothing else was wrong. */
export const [WAITING_CAUSE] = CAUSES_BY_FLAG.waiting;
