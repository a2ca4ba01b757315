import type { CauseInIncident, ExplainedHoldUp } from '#attribution/incidents';
import { CAUSE_TEXT } from '#model/causes';
import type { Latency, RankedCause, Report } from '#model/report';

/** Milliseconds for a reader: three figures, thousands grouped. */
export function ms(value: number): string {
  if (Math.abs(value) < 10) return `${value.toFixed(1)} ms`;
  return `${Math.round(value).toLocaleString('en-US')} ms`;
}
export const pct = (share: number): string => (share > 0 && share < 0.01 ? 'under 1 %' : `${Math.round(share * 100)} %`);
const times = (n: number) => (n === 1 ? 'once' : n === 2 ? 'twice' : `${n} times`);
const range = (lower: number, upper: number) => (ms(lower) === ms(upper) ? ms(lower) : `${ms(lower).replace(' ms', '')} to ${ms(upper)}`);

/** What happened in one incident, in a sentence. */
export function storyOf(incident: ExplainedHoldUp, start_ms: number, requests: number, excess_ms: number): string {
  const [main, ...rest] = incident.causes;
  const minor = rest.filter(c => main !== undefined && c.excess >= 0.1 * main.excess).map(c => named(c));
  const whom = requests === 0 ? 'no finished request' : `${requests} request${requests === 1 ? '' : 's'}`;
  const cost = excess_ms > 0 ? `, ${ms(excess_ms)} of delay in all` : '';
  const also = minor.length > 0 ? ` Also at work: ${minor.join('; ')}.` : '';
  return `${(start_ms / 1000).toFixed(3)} s into the trace, for ${ms((incident.end - incident.start) / 1e6)}: ${main === undefined ? 'nothing is known' : named(main)}. It held up ${whom}${cost}.${also}`;
}

const named = (c: CauseInIncident) => `${CAUSE_TEXT[c.cause].title.toLowerCase()} (${c.subject})`;

/** The end of p99's interval, in words. */
export const intervalOf = (l: Latency): string =>
  l.p99_ci_ms[1] === null ? `95 % interval from ${ms(l.p99_ci_ms[0])} with no upper bound: ${l.n} requests are too few` : `95 % interval ${range(l.p99_ci_ms[0], l.p99_ci_ms[1])}`;

export interface AnswerFacts {
  readonly e2e: Latency | undefined;
  readonly slow: number;
  readonly books: Report['books'];
  readonly unexplained: Report['unexplained'];
  readonly causes: readonly RankedCause[];
  readonly incidents: readonly ExplainedHoldUp[];
  readonly busyShare: number | undefined;
  readonly hostBound: string | undefined;
  readonly wholeTest: Latency | undefined;
  readonly cannot: string | undefined;
}

/** The answer in one paragraph: what p99 was, what it would have been, and what is not known. */
export function answerOf(f: AnswerFacts): string {
  const out: string[] = [];
  if (f.e2e === undefined) {
    out.push('No load test came with this trace, so nothing can be said about requests.');
    const worst = f.incidents.toSorted((a, b) => b.excess - a.excess)[0];
    out.push(worst === undefined ? 'No stretch stood out in which the GPU was held up.' : `${f.incidents.length} stretch${f.incidents.length === 1 ? '' : 'es'} stood out in which the GPU was held up; the longest: ${worst.causes[0] === undefined ? 'unexplained' : named(worst.causes[0])}, ${ms(worst.excess / 1e6)}.`);
  } else {
    const [first, ...rest] = f.causes;
    const faults = f.causes.filter(c => c.cause !== 'queueing');
    out.push(`p99 latency was ${ms(f.e2e.p99_ms)} (median ${ms(f.e2e.p50_ms)}, ${f.e2e.n} requests seen whole; ${intervalOf(f.e2e)}).`);
    if (f.slow === 0) out.push('No request took longer than its work explains.');
    else if (first === undefined) out.push(`${f.slow} requests took ${ms(f.books.excess_ms)} longer in all than their work explains, and this data shows no cause.`);
    else if (faults.length === 0) {
      out.push('No fault was found.', `${f.slow} request${f.slow === 1 ? '' : 's'} took ${ms(f.books.excess_ms)} longer in all than their work explains: ${queueStory(first)}.`);
    } else {
      out.push(`${f.slow} requests were slow, ${ms(f.books.excess_ms)} in all beyond what their work explains.`);
      out.push(`The largest cause is ${describe(first)}: ${pct(first.share)} of that; without it p99 would have been ${range(first.p99_without_ms.lower, first.p99_without_ms.upper)}.`);
      for (const c of rest.slice(0, 3)) out.push(`${sentence(describe(c))}: ${pct(c.share)}; p99 without it ${range(c.p99_without_ms.lower, c.p99_without_ms.upper)}.`);
      if (rest.length > 3) out.push(`${rest.length - 3} smaller causes are listed below.`);
    }
    if (f.slow > 0) out.push(`${pct(f.unexplained.share)} is unexplained.`);
    if (f.wholeTest !== undefined) out.push(`The whole load test, beyond the trace, had p99 ${ms(f.wholeTest.p99_ms)} over ${f.wholeTest.n} requests.`);
  }
  if (f.hostBound !== undefined) out.push(f.hostBound);
  if (f.busyShare !== undefined) out.push(`The GPU was busy ${pct(f.busyShare)} of the time that requests were in flight.`);
  if (f.cannot !== undefined) out.push(f.cannot);
  return out.join(' ');
}

const sentence = (s: string) => s.charAt(0).toUpperCase() + s.slice(1);
const queueStory = (c: RankedCause) => (c.incidents.length > 0 ? `they waited for admission (${times(c.incidents.length)}) while the device did its normal work` : "other requests' ordinary work took their turn");
const describe = (c: RankedCause) => `${CAUSE_TEXT[c.cause].title.toLowerCase()} (${c.subject}${c.incidents.length > 0 ? `, ${times(c.incidents.length)}` : ''})`;
