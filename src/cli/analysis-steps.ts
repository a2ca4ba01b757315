import type { Share } from '#core/units';
import { remainingWords } from './remaining.ts';

/**
 * How much of the time of an analysis has gone when a step begins: the medians of traces from 2 MB to 150 MB, which differ little. They
 * only tell a reader how far it is.
 */
const GONE: Readonly<Record<string, Share>> = {
  'reading GPU work': 0.15,
  'reading host calls': 0.18,
  'looking for what the trace lacks': 0.2,
  'looking at the devices together': 0.23,
  'looking for who serves requests': 0.25,
  'finding what held requests up': 0.27,
  'summing up devices': 0.67,
  'gathering evidence': 0.7,
  'writing the report': 0.83,
};

/** Tells each step of an analysis with how far it is; what is no step of it is told as it is. */
export function analysisSteps(tell: (text: string) => void): (step: string) => void {
  const begun = performance.now();
  return step => {
    const gone = Object.hasOwn(GONE, step) ? GONE[step] : undefined;
    tell(gone === undefined ? step : `${step} (${remainingWords(gone, performance.now() - begun)})`);
  };
}
