import { dualpipe } from './dualpipe.ts';
import { gpipe, gpipeReversed } from './gpipe.ts';
import { interleaved } from './interleaved.ts';
import { oneFOneB } from './one-f-one-b.ts';
import type { Textbook } from './textbook.ts';
import { zbH1 } from './zb-h1.ts';

/** Every schedule that is known, the plainest first: where two are the same order, the first is named. */
export const TEXTBOOKS: readonly Textbook[] = [oneFOneB, gpipe, gpipeReversed, interleaved, zbH1, dualpipe];
