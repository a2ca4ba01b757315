import { realAt } from '#core/columns';
import type { Visible } from '#diagnosis/steps/visible';
import { CAUSES, type Cause } from '#schema/causes';
import type { RankLedger } from './rank-ledger.ts';

const NS_PER_MS = 1e6;

/** What the steps of a training can show of each cause; undefined where too few tell what is usual. */
export function visibleInSteps(ledgers: readonly RankLedger[]): ReadonlyMap<Cause, Visible> | undefined {
  if (ledgers.length === 0 || ledgers.some(l => l.steps.n === 0 || !Number.isFinite(l.normalOf(0).limit))) return undefined;
  return new Map(CAUSES.map(cause => [cause, visibleOf(ledgers, cause)]));
}

function visibleOf(ledgers: readonly RankLedger[], cause: Cause): Visible {
  let [above, lost, most, time] = [0, 0, 0, 0];
  for (const { steps, normalOf, lostIn } of ledgers)
    for (let i = 0; i < steps.n; i++) {
      const { median, limit, losses } = normalOf(i);
      const ns = lostIn(i).get(cause) ?? 0;
      above = Math.max(above, limit - median);
      lost += ns;
      time += realAt(steps.end, i) - realAt(steps.start, i);
      most = Math.max(most, ns - (losses.get(cause) ?? 0));
    }
  return { aboveMs: above / NS_PER_MS, lostMs: lost / NS_PER_MS, share: time > 0 ? lost / time : 0, mostMs: most / NS_PER_MS };
}
