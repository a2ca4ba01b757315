import { count, ms, msOf, percent, plain, rangeWords, seconds } from '#core/format/numbers';
import type { Ms, Share } from '#core/units';
import type { CauseInIncident, ExplainedStall } from '#diagnosis/steps/explain-stalls';
import { ROUND_OF_SCHEDULER_MS } from '#diagnosis/steps/is-incident';
import { CAUSE_TEXT, WAITING_CAUSE } from '#schema/causes';
import type { Latency, Report } from '#schema/report';
import type { JudgedCause } from './ranked-causes.ts';
import { whoseSubject } from './whose-subject.ts';

/** Causes of an incident that may as well be its main one. */
export const tiedCauses = ({ causes: [main, ...rest] }: Pick<ExplainedStall, 'causes'>): readonly CauseInIncident[] =>
  main === undefined ? [] : rest.filter(c => isTie(main, c));

/** What happened in one incident, in a sentence. @param steps of a training that it made slow, where there is one */
export function storyOf(incident: ExplainedStall, start_ms: Ms, requests: number, excess_ms: Ms, steps?: number): string {
  const [main, ...rest] = incident.causes;
  const tied = tiedCauses(incident);
  const minor = rest.filter(c => main !== undefined && c.excess >= 0.1 * main.excess && !tied.includes(c)).map(c => named(c));
  const whom = requests === 0 ? 'no finished request' : count(requests, 'request');
  const cost = excess_ms > 0 ? `, ${ms(excess_ms)} of delay in all` : '';
  const also = minor.length > 0 ? ` Also at work: ${minor.join('; ')}.` : '';
  return `At ${seconds(start_ms)}, for ${msOf(incident.end - incident.start)}: ${main === undefined ? 'nothing is known' : either([main, ...tied])}. ${steps === undefined ? `It delayed ${whom}${cost}.` : `It made ${count(steps, 'training step')} slow, by ${ms(excess_ms)} in all.`}${also}`;
}

/**
 * Two causes whose times differ by less than a delay that counts, and by less than half: which of them weighs more is within what steps
 * lose anyway.
 */
const isTie = (main: CauseInIncident, other: CauseInIncident): boolean =>
  main.excess - other.excess < ROUND_OF_SCHEDULER_MS * 1e6 && other.excess > main.excess / 2;

const either = (causes: readonly CauseInIncident[]): string => `${causes.length > 1 ? 'either ' : ''}${causes.map(named).join(' or ')}`;

/** A title inside a sentence: small at the start, unless it begins with an abbreviation. */
const lower = (title: string) => (/^[A-Z]{2}/.test(title) ? title : title.charAt(0).toLowerCase() + title.slice(1));
const named = (c: CauseInIncident) => `${lower(CAUSE_TEXT[c.cause].title)} (${whoseSubject(c)})`;

export interface AnswerFacts {
  readonly e2e: Latency | undefined;
  /** Requests that the load test sent, judged or not. */
  readonly requests: number;
  readonly slow: number;
  readonly books: Report['books'];
  readonly unexplained: Report['unexplained'];
  readonly causes: readonly JudgedCause[];
  readonly incidents: readonly ExplainedStall[];
  readonly busyShare: Share | undefined;
  readonly hostBound: string | undefined;
  /** p99 had none of the named causes been there. */
  readonly withoutAll: { readonly lower: Ms; readonly upper: Ms } | undefined;
  readonly wholeTest: Latency | undefined;
  readonly cannot: string | undefined;
  /** What several devices did together. */
  readonly parallel: readonly string[];
}

/** The answer in one paragraph: what p99 was, what it would have been, and what is not known. */
export function answerOf(f: AnswerFacts): string {
  // What several devices did together is the answer where no request can be judged.
  if (f.e2e === undefined && f.requests === 0 && f.parallel.length > 0) return f.parallel.join('\n\n');
  const out = f.e2e === undefined ? withoutRequests(f.incidents, f.requests) : withRequests(f, f.e2e);
  if (f.hostBound !== undefined) out.push(f.hostBound);
  if (f.busyShare !== undefined) out.push(`The GPU was busy ${percent(f.busyShare)} of the time that requests were in flight.`);
  if (f.cannot !== undefined && f.e2e === undefined) out.push(f.cannot);
  return [out.join(' '), ...f.parallel].join('\n\n');
}

function withoutRequests(incidents: readonly ExplainedStall[], requests: number): string[] {
  const worst = incidents.toSorted((a, b) => b.excess - a.excess)[0];
  const many = count(incidents.length, 'stretch', 'stretches');
  return [
    requests === 0
      ? 'No load test came with this trace, so nothing can be said about requests.'
      : `Of the ${plain(requests)} requests of the load test none can be judged by this trace.`,
    worst === undefined
      ? 'No stretch stood out in which the GPU was delayed.'
      : `The GPU was delayed in ${many}; the longest, ${msOf(worst.excess)}: ${worst.causes[0] === undefined ? 'unexplained' : named(worst.causes[0])}.`,
  ];
}

function withRequests(f: AnswerFacts, e2e: Latency): string[] {
  const out: string[] = [];
  const faults = f.causes.filter(c => c.cause !== WAITING_CAUSE || c.incidents.length > 0);
  const top = faults[0];
  const beyond = `${plain(f.slow)} of ${plain(e2e.n)} requests took ${ms(f.books.excess_ms)} longer in all than their work explains`;
  if (top === undefined) {
    out.push(
      f.cannot === undefined
        ? `p99 latency was ${ms(e2e.p99_ms)}, and nothing was found that held requests up.`
        : `p99 latency was ${ms(e2e.p99_ms)}. ${f.cannot}`,
    );
    if (f.slow === 0) out.push('No request took longer than its work explains.');
    else if (f.cannot !== undefined) out.push(`${beyond}; why cannot be told.`);
    else out.push(`${beyond}: spread thin, with no single cause (${percent(f.unexplained.share)} unexplained).`);
  } else {
    out.push(
      staysWithout(top, e2e.p99_ms)
        ? `p99 latency was ${ms(e2e.p99_ms)}, and would not move without ${describe(top)}: the requests that it slowed are not only among the slowest 1 %.`
        : `p99 latency was ${ms(e2e.p99_ms)}; without ${describe(top)} it would have been ${rangeWords(top.p99_without_ms.lower, top.p99_without_ms.upper)}.`,
    );
    if (faults.length > 1 && f.withoutAll !== undefined)
      out.push(`Without all the causes named here: ${rangeWords(f.withoutAll.lower, f.withoutAll.upper)}.`);
    const shares = f.causes.map((c, k) => `${percent(c.share)} ${c === top && k === 0 ? lower(CAUSE_TEXT[c.cause].title) : describe(c)}`);
    // What is a by-product in every request is not named, but the shares must add up for the reader.
    const minor = 1 - f.unexplained.share - f.causes.reduce((sum, c) => sum + c.share, 0);
    const rest = minor >= 0.005 ? `, ${percent(minor)} lesser causes (listed in the report)` : '';
    out.push(`${beyond}: ${shares.join(', ')}${rest}; ${percent(f.unexplained.share)} is unexplained.`);
  }
  if (e2e.p99_ci_ms[1] === null) out.push(`${count(e2e.n, 'request')} are too few for an upper bound of p99.`);
  if (f.wholeTest !== undefined)
    out.push(`Over all ${count(f.wholeTest.n, 'request')} that finished, outside the trace too, p99 was ${ms(f.wholeTest.p99_ms)}.`);
  return out;
}

/** Whether p99 reads the same with and without a cause. */
export const staysWithout = ({ p99_without_ms: { lower, upper } }: Pick<JudgedCause, 'p99_without_ms'>, p99: Ms): boolean =>
  rangeWords(lower, upper) === ms(p99);

const describe = (c: JudgedCause) => `${lower(CAUSE_TEXT[c.cause].title)} (${c.subject})`;
