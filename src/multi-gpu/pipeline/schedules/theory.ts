import type { Share } from '#core/units';
import { type Shape, shareOf, type Textbook, type Times } from './textbook.ts';

/** Where no operation was measured, all are taken to last as long. */
const ALIKE: Times = { F: 1, B: 1, W: 1, backward: 2 };

/** The share of an iteration that a schedule of even stages stands still in theory; undefined where theory gives none that holds for all stages. */
export function theoryOf({ textbook, shape }: { readonly textbook: Textbook; readonly shape: Shape }): Share | undefined {
  const overhead = textbook.overhead?.(shape, ALIKE);
  return overhead === undefined ? undefined : shareOf(overhead);
}
