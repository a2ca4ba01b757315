import { count, ms } from '#core/format/numbers';
import type { Ms, Share } from '#core/units';
import { CAUSE_TEXT } from '#schema/causes';
import type { Finding } from '#schema/report';
import type { Together } from './together.ts';

/** Share of the window from which waiting for a late rank is worth more than a word, as for causes of p99. */
const MEDIUM: Share = 0.05;

/** Ranks that the others waited for, as findings. @param window its length */
export const lateRankFindings = ({ causes, collectives }: Together, window: Ms): Finding[] =>
  causes.every(c => c.cause !== 'collective-wait')
    ? []
    : (collectives?.late ?? []).slice(0, 1).map(l => ({
        id: 'collective-wait',
        severity: l.wait_ms >= MEDIUM * window ? ('medium' as const) : ('low' as const),
        title: `${CAUSE_TEXT['collective-wait'].title}: ${l.rank}`,
        detail: `It came late ${count(l.count, 'time')} and kept the others waiting for ${ms(l.wait_ms)}: ${CAUSE_TEXT[l.cause].title.toLowerCase()} (${l.why}).`,
        advice: CAUSE_TEXT['collective-wait'].advice,
        evidence: [],
      }));

/** Who everybody waited for, in a sentence; undefined where nobody was late. */
export function lateVerdict({ collectives, pipeline, lacksOsCalls }: Together): string | undefined {
  const [worst] = collectives?.late.toSorted((a, b) => b.wait_ms - a.wait_ms) ?? [];
  if (worst === undefined || pipeline !== null) return undefined;
  const name = worst.rank.charAt(0).toUpperCase() + worst.rank.slice(1);
  const own =
    worst.cause === 'unexplained'
      ? 'why is not known'
      : `its own cause is ${CAUSE_TEXT[worst.cause].title.toLowerCase()}${lacksOsCalls && worst.cause === 'host-compute' ? ', or a wait in the operating system, which was not recorded' : ''}`;
  return `${name} came late to collectives ${count(worst.count, 'time')}, and the others waited ${ms(worst.wait_ms)} for it; ${own}.`;
}
