import type { Ns } from '#core/units';
import type { LostBy } from '#diagnosis/causes/attribute-losses';
import type { CauseOrRest } from '#schema/causes';
import type { Shares } from './measured-task.ts';

type Answer = ReadonlyMap<CauseOrRest, LostBy>;

/** Several answers about late launches as one: times are added up, the subject is that of the longest. */
export function together(answers: readonly (Answer | undefined)[]): Map<CauseOrRest, LostBy> {
  const out = new Map<CauseOrRest, LostBy & { readonly longest: Ns }>();
  for (const answer of answers)
    for (const [cause, { ns, subject }] of answer ?? []) {
      const known = out.get(cause) ?? { ns: 0, subject, longest: 0 };
      out.set(cause, { ns: known.ns + ns, subject: ns > known.longest ? subject : known.subject, longest: Math.max(ns, known.longest) });
    }
  return out;
}

/** Each cause's share of the time that an answer accounts for. */
export function sharesOf(answer: Answer | undefined): Shares {
  const total = [...(answer ?? [])].reduce((n, [, { ns }]) => n + ns, 0);
  return new Map(total <= 0 ? [] : [...(answer ?? [])].map(([cause, { ns }]) => [cause, ns / total]));
}
