import { hidePrivate, SECRETS } from './find.ts';
import type { Rules } from './scan.ts';

/** Names of functions and kernels: tokens alone, for the analysis groups by them. */
export const IN_NAME: Rules = { ...SECRETS, announced: false };
/** Names that people gave to ranges, threads and programs. */
export const IN_LABEL: Rules = { ...SECRETS, identities: 'labels', spoken: true };

/** Texts that are kept with what became of them: a trace repeats few names many times, or has as many names as ranges. */
const MOST_KEPT = 20_000;

/** Hides what is private in texts of which most come again and again. */
function remembering(rules: Rules): (text: string) => string {
  const known = new Map<string, string>();
  return text => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const after = hidePrivate(text, rules);
    if (known.size >= MOST_KEPT) known.clear();
    known.set(text, after);
    return after;
  };
}

/** A name of a function or kernel without tokens that show by their shape. */
export const shownName = remembering(IN_NAME);
/** A name that people gave, without what is private in it: docs/privacy.md says what that is. */
export const shownLabel = remembering(IN_LABEL);
