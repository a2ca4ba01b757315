import { count, ms, percent, plain, rangeWords, seconds } from '#core/format/numbers';
import type { Ms, Share } from '#core/units';
import { SAME_PROCESS } from '#diagnosis/causes/lane-context';
import { CAUSE_TEXT, type Cause, type CauseOrRest, WAITING_CAUSE } from '#schema/causes';
import type { Incident } from '#schema/incident';
import type { JudgedRequests } from '#schema/judged-requests';
import type { Latency, RankedCause, Report } from '#schema/report';
import type { LaneBooks } from '#schema/summary';
import type { Training } from '#schema/training';

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** When a cause was at work, in a few words: each moment where there are two, the first and the last where there are more. */
export function whenOf(incidents: readonly Pick<Incident, 'start_ms'>[]): string {
  const [first, ...rest] = incidents.map(i => i.start_ms).toSorted((a, b) => a - b);
  if (first === undefined) return 'throughout';
  const last = rest.at(-1);
  if (last === undefined) return seconds(first);
  return rest.length === 1
    ? `${seconds(first)} and ${seconds(last)}`
    : `${plain(rest.length + 1)} times from ${seconds(first)} to ${seconds(last)}`;
}

/** When a cause was at work, and in how many incidents. */
export interface When {
  readonly when: string;
  readonly moments: number;
}

/** The same behind what it did: "at 1.5 s and 7.2 s"; nothing where that is throughout. */
const atWhen = ({ when, moments }: When): string => (moments === 0 ? '' : moments > 2 ? `, ${when}` : ` at ${when}`);

/** An incident counts for when a cause was at work from this share of the cause's delay on. */
const PART_OF_CAUSE: Share = 0.1;
/** A cause with less of its delay inside incidents is at work throughout. */
const INSIDE: Share = 0.5;

/** The incidents that hold most of what a cause cost, whether it leads them or not; none where it is spread over the run. */
export function incidentsOf<I extends Pick<Incident, 'causes' | 'id'>>(
  incidents: readonly I[],
  { cause, excess_ms, incidents: led }: Pick<RankedCause, 'cause' | 'excess_ms' | 'incidents'>,
): readonly I[] {
  const partOf = (i: I): Ms => i.causes.reduce((sum, c) => sum + (c.cause === cause ? c.excess_ms : 0), 0);
  const found = incidents.filter(i => led.includes(i.id) || partOf(i) >= PART_OF_CAUSE * excess_ms);
  return led.length > 0 || found.reduce((sum, i) => sum + partOf(i), 0) >= INSIDE * excess_ms ? found : [];
}

interface Judged {
  readonly e2e: Latency;
  /** Of all requests that finished, where some of them ran partly outside the trace. */
  readonly wholeTest: Latency | undefined;
  readonly requests: Pick<JudgedRequests, 'total' | 'finished' | 'failed' | 'judged'>;
  readonly slow: number;
  /** The causes that held requests up, the dearest first, with the slow requests that each had a part in. */
  readonly faults: readonly (RankedCause & When & { readonly requests: number })[];
  readonly unexplained: Report['unexplained'];
  /** Why nothing can be said about causes, where nothing can. */
  readonly blind: string | undefined;
  readonly isHealthy: boolean;
  readonly hostBound: { readonly share: Share; readonly cause: Cause } | undefined;
  /** The gravest finding that is about every step; undefined where there is none. */
  readonly chronic: string | undefined;
  /** What a cause did, in a few words. */
  readonly plainly: (cause: Cause) => string;
}

/** The first line where requests were judged: what they show, and what lies beyond them. */
export const verdictOf = (j: Judged): string => [mainOf(j), ...beyondOf(j)].join(' ');

/** What the first line must not hide: requests that failed or did not finish, and a p99 of the whole test that is worse. */
function beyondOf({ e2e, wholeTest, requests, faults, hostBound }: Judged): string[] {
  const [, high] = e2e.p99_ci_ms;
  const isWorse = wholeTest !== undefined && wholeTest.p99_ms > (high ?? e2e.max_ms);
  return [
    // Where no request stands out, the sentence before says it.
    ...(hostBound !== undefined && faults.length > 0
      ? [
          `Every step waits for the host too: ${percent(hostBound.share)} of the time, most of it ${CAUSE_TEXT[hostBound.cause].title.toLowerCase()}.`,
        ]
      : []),
    ...(isWorse ? [`Outside the trace it was worse: over the whole test p99 was ${ms(wholeTest.p99_ms)}.`] : []),
    ...unsuccessful(requests),
  ];
}

/** Requests without an answer, and how they ended: p99 knows nothing of them. */
function unsuccessful({ total, finished, failed }: Judged['requests']): string[] {
  const unfinished = total - finished - failed;
  const parts = [
    ...(failed > 0 ? [`${plain(failed)} failed`] : []),
    ...(unfinished > 0 ? [`${plain(unfinished)} did not finish before the load test ended`] : []),
  ];
  return parts.length === 0 ? [] : [`Of ${count(total, 'request')} ${parts.join(', and ')}.`];
}

/** What p99 was, what it would be without the largest cause, and what that did. */
function mainOf({ e2e, requests: { judged }, slow, faults, blind, isHealthy, hostBound, chronic, plainly }: Judged): string {
  const p99 = `p99 was ${ms(e2e.p99_ms)}`;
  const [top] = faults;
  if (blind !== undefined) return `${p99}. ${blind}`;
  if (top?.p99_without_ms != null) {
    const { lower, upper } = top.p99_without_ms;
    const many = count(top.requests, 'request');
    const at = atWhen(top);
    const did = plainlyOf(top, plainly(top.cause));
    const without = rangeWords(lower, upper);
    if (without === ms(e2e.p99_ms))
      return `${p99}, and would not move without the largest cause; it made ${plain(top.requests)} of ${count(judged, 'request')} slow: ${did} them${at}.`;
    return `${p99}; ${without} without the largest cause: ${did} ${many}${at}.`;
  }
  if (hostBound !== undefined)
    return `${p99}. No request stands out, but every step waits for the host: ${percent(hostBound.share)} of the time with requests in flight, most of it ${CAUSE_TEXT[hostBound.cause].title.toLowerCase()}.`;
  if (chronic !== undefined) return `${p99}, and no request stands out; but ${chronic.charAt(0).toLowerCase()}${chronic.slice(1)}.`;
  if (slow > 0) return `${p99}. ${plain(slow)} of ${count(judged, 'request')} were slow, and no cause was found.`;
  return isHealthy ? `Healthy: ${p99}, and nothing held requests up.` : `${p99}, and nothing was found that held requests up.`;
}

/** What a cause did. Whose work a neighbour is decides what can be done about it. */
const plainlyOf = ({ subject }: Pick<RankedCause, 'subject'>, plainly: string): string =>
  plainly.replace(/^other GPU work/, start => (subject.includes(SAME_PROCESS) ? `${start} of the same process` : start));

const TIME: Readonly<Record<LaneBooks['parts'][number]['what'] & string, string>> = {
  work: '',
  launches: 'it stood still between one launch and the next',
  waiting: 'the thread that feeds it waited (whether for work, only a load test tells)',
  queued: 'work was launched and had not begun',
  copies: 'it only copied',
  unknown: 'it stood still, and no launch is recorded for what came next',
} as Readonly<Record<string, string>>;

const partWords = (what: LaneBooks['parts'][number]['what']): string =>
  TIME[what] ?? `it lost time to ${CAUSE_TEXT[what as CauseOrRest].title.toLowerCase()}`;

/** Less of the time than this is not worth a word in the first line. */
const WORTH: Share = 0.1;

/** The first line where no request was judged, and a lane shows where its time went. */
export function laneVerdict({ device, parts }: LaneBooks, length: Ms): string {
  const work = parts.find(p => p.what === 'work')?.share ?? 0;
  const rest = parts.filter(p => p.what !== 'work' && p.share >= WORTH).slice(0, 2);
  const said = rest.map(p => `for ${percent(p.share)} ${partWords(p.what)}`);
  return `${device} worked for ${percent(work)} of ${seconds(length)}${said.length === 0 ? ', and nothing else takes a tenth of it' : `; ${said.join(', ')}`}.`;
}

/** The first line where not even that is known. */
export function devicesVerdict(devices: Report['devices'], isBusyKnown: boolean, blind: string | undefined): string {
  const [device] = devices.toSorted((a, b) => b.busy_ms - a.busy_ms);
  if (device === undefined || !isBusyKnown) return blind ?? 'Nothing can be said about the GPU by this trace.';
  const whole = device.busy_ms + device.idle_ms;
  const starved = device.gaps.starved.lower_ms;
  const mostly = starved > device.idle_ms / 2 ? '; most of the rest of the time nothing was queued for it' : '';
  return `${device.device} was busy for ${percent(whole > 0 ? device.busy_ms / whole : 0)} of ${seconds(whole)}${mostly}.${blind === undefined ? '' : ` ${capital(blind)}`}`;
}

/** The first line about a training: what a step takes, and what made some of them slow. undefined where no step was slow for a cause that has a name. */
export function trainingVerdict(
  { slow, excess_ms, ranks, books }: Training,
  causes: readonly (When & Pick<RankedCause, 'cause'>)[],
): string | undefined {
  const [first] = ranks;
  const top = books.find(b => b.cause !== 'unexplained' && b.steps > 0);
  if (first === undefined || top === undefined) return undefined;
  const named = causes.find(c => c.cause === top.cause);
  const at = named === undefined ? '' : atWhen(named);
  // What a checkpoint did is told in our words; other subjects hold names of threads and calls.
  const what = top.subject.startsWith('checkpoint') ? ` (${top.subject})` : '';
  const whom = ranks.length > 1 ? ` of ${top.ranks.join(' and ')}` : '';
  const steps = Math.max(...ranks.map(r => r.steps));
  return `${plain(slow.length)} of ${count(steps, 'training step')} took ${ms(excess_ms)} longer than the usual ${ms(first.median_ms)}, together; mostly, ${CAUSE_TEXT[top.cause].plainly} ${count(top.steps, 'step')}${whom}${at}${what}.`;
}

/** The first line of a report about several devices: the first sentence of what they did together. */
export const firstSentence = (text: string): string => /^(.+?[.!?])(?:\s|$)/s.exec(text)?.[1] ?? text;

/** Whether a cause held requests up: waits that are in no incident are how a server under load works. */
export const isFault = (c: Pick<RankedCause, 'cause' | 'incidents'>): boolean => c.cause !== WAITING_CAUSE || c.incidents.length > 0;
