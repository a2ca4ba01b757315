import { dualpipe } from './dualpipe.ts';
import { dualpipev } from './dualpipev.ts';
import { gpipe, gpipeReversed } from './gpipe.ts';
import { interleaved } from './interleaved.ts';
import { interleavedZb } from './interleaved-zb.ts';
import { loopedBfs } from './looped-bfs.ts';
import { oneFOneB } from './one-f-one-b.ts';
import type { Textbook } from './textbook.ts';
import { zbH1 } from './zb-h1.ts';
import { zbv } from './zbv.ts';

/** Every schedule that is known, the plainest first: where two are the same order, the first is named. */
export const TEXTBOOKS: readonly Textbook[] = [
  oneFOneB,
  gpipe,
  gpipeReversed,
  interleaved,
  loopedBfs,
  zbH1,
  interleavedZb,
  zbv,
  dualpipe,
  dualpipev,
];
