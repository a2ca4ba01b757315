/** Less repetition than this is no loop: two alike stretches may be chance, and their edges cut both. */
export const FEWEST_STEPS = 4;
/** Among fewer steps than this nobody can say which is slow: a median of them may be any. */
export const FEWEST_TO_JUDGE = 10;
