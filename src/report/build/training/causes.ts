import { ms, percent } from '#core/format/numbers';
import type { Ms, Share } from '#core/units';
import type { SteppedTraining } from '#multi-gpu/training/facts';
import { CAUSE_TEXT, type Cause } from '#schema/causes';
import type { EvidenceItem } from '#schema/evidence-item';
import type { Finding, RankedCause } from '#schema/report';
import type { Training } from '#schema/training';
import { bookWords } from './answer.ts';

type Book = Training['books'][number] & { readonly cause: Cause };

const named = ({ books }: Training): Book[] =>
  books.flatMap(b => (b.cause === 'unexplained' || b.steps === 0 ? [] : [{ ...b, cause: b.cause }]));

/** What made steps slow, as causes of the report, the dearest first. */
export function trainingCauses(t: Training, facts: SteppedTraining, evidence: (cause: Cause) => EvidenceItem[]): RankedCause[] {
  return named(t).map((b, k) => {
    const where = facts.stretches.flatMap((s, i) =>
      s.causes.filter(c => c.cause === b.cause).map(c => ({ ...c, id: `I${i + 1}`, leads: s.causes[0]?.cause === b.cause })),
    );
    const main = where.toSorted((x, y) => y.excess - x.excess)[0];
    const who = t.ranks.length > 1 ? `${b.ranks.join(' and ')}: ` : '';
    return {
      cause: b.cause,
      rank: k + 1,
      scope: 'incident' as const,
      excess_ms: b.excess_ms,
      share: b.share,
      p99_without_ms: null,
      confidence: main?.confidence ?? 'low',
      why_confidence: 'It is what slow steps lost beyond what other steps lose.',
      subject: `${who}${b.subject}`,
      root: main?.root ?? null,
      incidents: where.filter(w => w.leads).map(w => w.id),
      evidence: evidence(b.cause),
      advice: CAUSE_TEXT[b.cause].advice,
    };
  });
}

/** A twentieth of all time is what people buy GPUs for; a hundredth is within what runs differ by. */
const HIGH: Share = 0.05;
const MEDIUM: Share = 0.01;

/** One finding for each cause of slow steps. @param trained time of all steps */
export function trainingFindings(t: Training, trained: Ms): Finding[] {
  return named(t).map(b => {
    const share = trained > 0 ? b.excess_ms / trained : 0;
    const waited = t.slow.flatMap(s => (s.causes[0]?.cause === b.cause ? s.others : [])).flatMap(o => o.causes);
    const forIt = waited.reduce((sum, c) => sum + (c.cause === 'collective-wait' ? c.excess_ms : 0), 0);
    const others =
      forIt > 0 ? ` The other ranks waited ${ms(forIt)} in collectives for it, which is the same time and not counted again.` : '';
    return {
      id: `training-${b.cause}`,
      severity: share >= HIGH ? ('high' as const) : share >= MEDIUM ? ('medium' as const) : ('low' as const),
      title: `${CAUSE_TEXT[b.cause].title} made training steps slow`,
      detail: `${bookWords(b, t.ranks.length > 1)}: ${percent(share)} of the time of all steps.${others}`,
      advice: CAUSE_TEXT[b.cause].advice,
      evidence: [],
    };
  });
}
