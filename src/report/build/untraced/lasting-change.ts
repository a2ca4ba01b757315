import { plain, seconds } from '#core/format/numbers';
import type { Finding } from '#schema/report';
import type { Facts } from '../facts.ts';

/** Since when requests are slower or faster: at most one finding, and no fault by itself. */
export function lastingChangeFindings({ untraced }: Pick<Facts, 'untraced'>): Finding[] {
  const change = untraced?.lasting;
  if (change === undefined) return [];
  const { at, ratio, before, after } = change;
  const isSlower = ratio > 1;
  const times = isSlower ? ratio : 1 / ratio;
  return [
    {
      id: 'lasting-change',
      severity: isSlower ? 'low' : 'info',
      title: `Requests are ${isSlower ? 'slower' : 'faster'} from ${seconds(at / 1e6)} on, to the end`,
      detail: `The usual request of the ${plain(after)} after it took ${plain(times)} times as ${isSlower ? 'long' : 'short a time'} as the usual one of the ${plain(before)} before it, each against what its work explains. Chance divides a run so well in at most 1 % of cases.`,
      advice: isSlower
        ? 'Look for what changed then and stayed: a rollout, a neighbour, a fuller cache, lower clocks.'
        : 'Leave the time before it out of a comparison: it may be a warm-up.',
      evidence: [],
    },
  ];
}
