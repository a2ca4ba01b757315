import { count, ms, percent, plain, rangeWords, seconds } from '#core/format/numbers';
import type { Ms, Share } from '#core/units';
import { CAUSE_TEXT, type Cause, type CauseOrRest, WAITING_CAUSE } from '#schema/causes';
import type { Incident } from '#schema/incident';
import type { Latency, RankedCause, Report } from '#schema/report';
import type { LaneBooks } from '#schema/summary';

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** One number is enough in the first line; the interval stands in the table of causes. */
const about = (lower: Ms, upper: Ms) => rangeWords(lower, upper).replace(/ ms$/, '');

/** When a cause was at work, in a few words. */
export function whenOf(incidents: readonly Pick<Incident, 'start_ms'>[]): string {
  const [first, ...rest] = incidents.map(i => i.start_ms).toSorted((a, b) => a - b);
  if (first === undefined) return 'throughout';
  const last = rest.at(-1);
  return last === undefined ? seconds(first) : `${plain(rest.length + 1)} times, ${seconds(first)} to ${seconds(last)}`;
}

interface Judged {
  readonly e2e: Latency;
  readonly judged: number;
  readonly slow: number;
  /** The causes that held requests up, the dearest first, with the slow requests that each had a part in. */
  readonly faults: readonly (RankedCause & { readonly requests: number; readonly when: string })[];
  readonly unexplained: Report['unexplained'];
  /** Why nothing can be said about causes, where nothing can. */
  readonly blind: string | undefined;
  readonly isHealthy: boolean;
  readonly hostBound: Share | undefined;
  /** The gravest finding that is about every step; undefined where there is none. */
  readonly chronic: string | undefined;
  /** What a cause did, in a few words. */
  readonly plainly: (cause: Cause) => string;
}

/** The first line where requests were judged: what p99 was, what it would be without the largest cause, and what that did. */
export function verdictOf({ e2e, judged, slow, faults, blind, isHealthy, hostBound, chronic, plainly }: Judged): string {
  const p99 = `p99 was ${ms(e2e.p99_ms)}`;
  const [top] = faults;
  if (blind !== undefined) return `${p99}. ${blind}`;
  if (top?.p99_without_ms != null) {
    const { lower, upper } = top.p99_without_ms;
    const many = count(top.requests, 'request');
    const at = top.when === 'throughout' ? '' : top.incidents.length === 1 ? ` at ${top.when}` : `, ${top.when}`;
    const did = plainly(top.cause);
    const without = rangeWords(lower, upper);
    if (without === ms(e2e.p99_ms))
      return `${p99}, and would not move without the largest cause; it made ${plain(top.requests)} of ${count(judged, 'request')} slow: ${did} them${at}.`;
    return `${p99}; ${about(lower, upper)} without the largest cause: ${did} ${many}${at}.`;
  }
  if (hostBound !== undefined)
    return `${p99}. No request stands out, but every step waits for the host: ${percent(hostBound)} of the time with requests in flight.`;
  if (chronic !== undefined) return `${p99}, and no request stands out; but ${chronic.charAt(0).toLowerCase()}${chronic.slice(1)}.`;
  if (slow > 0) return `${p99}. ${plain(slow)} of ${count(judged, 'request')} were slow, and no cause was found.`;
  return isHealthy ? `Healthy: ${p99}, and nothing held requests up.` : `${p99}, and nothing was found that held requests up.`;
}

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

/** The first line of a report about several devices: the first sentence of what they did together. */
export const firstSentence = (text: string): string => /^(.+?[.!?])(?:\s|$)/s.exec(text)?.[1] ?? text;

/** Whether a cause held requests up: waits that are in no incident are how a server under load works. */
export const isFault = (c: Pick<RankedCause, 'cause' | 'incidents'>): boolean => c.cause !== WAITING_CAUSE || c.incidents.length > 0;
