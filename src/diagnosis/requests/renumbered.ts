import { itemAt } from '#core/columns';
import type { ExplainedStall } from '#diagnosis/steps/explain-stalls';
import type { DelayBreakdown } from './delay-breakdown.ts';

/** Delays refer to incidents by their place in a list: gives them their places in another. */
export function renumbered(
  delay: DelayBreakdown,
  own: readonly ExplainedStall[],
  place: ReadonlyMap<ExplainedStall, number>,
): DelayBreakdown {
  const at = (k: number) => place.get(itemAt(own, k)) ?? -1;
  return {
    ...delay,
    byIncident: new Map([...delay.byIncident].flatMap(([k, parts]) => (at(k) < 0 ? [] : [[at(k), parts] as const]))),
    behind: delay.behind === undefined || at(delay.behind) < 0 ? undefined : at(delay.behind),
  };
}
