import type { z } from 'zod';
import type { Incident } from './incident.ts';
import type { JudgedRequests } from './judged-requests.ts';
import type { Ground, LaneBooks, Statement } from './summary.ts';

interface Part {
  readonly cause: string;
  readonly excess_ms: number;
  readonly share: Incident['causes'][number]['share'];
}

/** What is checked of a report; report.ts has the whole. */
interface Checked {
  readonly window: { readonly start_ns: string; readonly end_ns: string; readonly start_ms: number };
  readonly incidents: readonly Incident[];
  readonly requests: Omit<z.infer<typeof JudgedRequests>, 'expected'> | null;
  readonly latency: readonly Readonly<Record<'p50_ms' | 'p95_ms' | 'p99_ms' | 'max_ms', number> & { metric: string }>[];
  readonly books: { readonly excess_ms: number; readonly parts: readonly Part[] };
  readonly unexplained: { readonly excess_ms: number };
  readonly grounds: readonly Ground[];
  readonly statements: readonly Statement[];
  readonly lane_books: readonly LaneBooks[];
  readonly causes: readonly (Part & {
    readonly incidents: readonly string[];
    readonly p99_without_ms: { readonly lower: number; readonly upper: number } | null;
  })[];
  readonly devices: readonly (Readonly<
    Record<
      | 'busy_ms'
      | 'idle_ms'
      | 'compute_absent_ms'
      | 'communication_ms'
      | 'copy_ms'
      | 'exposed_communication_ms'
      | 'exposed_copy_ms'
      | 'overlapped_ms',
      number
    >
  > & { readonly device: string; readonly gaps: Readonly<Record<string, { readonly lower_ms: number; readonly upper_ms: number }>> })[];
}

/** Milliseconds that rounding of stamps (a nanosecond each) and sums of doubles may be off. */
const SLACK_MS = 1e-3;
const SLACK_SHARE = 1e-6;

/** What contradicts what in a part of a report, a sentence each. */
type Check = (report: Checked) => readonly string[];

const when = (broken: boolean, sentence: string): readonly string[] => (broken ? [sentence] : []);
const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
const isShare = (value: number) => value >= -SLACK_SHARE && value <= 1 + SLACK_SHARE;
const lengthMs = ({ window }: Checked) => Number(BigInt(window.end_ns) - BigInt(window.start_ns)) / 1e6;

const window: Check = report => when(lengthMs(report) < 0, 'the window ends before it begins');

const incidents: Check = report =>
  report.incidents.flatMap(i => {
    const from = report.window.start_ms;
    const at = (ns: string) => from + Number(BigInt(ns) - BigInt(report.window.start_ns)) / 1e6;
    const length = i.end_ms - i.start_ms;
    return [
      ...when(length < 0, `${i.id} ends before it begins`),
      ...when(i.held_up_ms < 0 || i.held_up_ms > length + SLACK_MS, `${i.id} held up ${i.held_up_ms} ms within ${length} ms`),
      ...when(i.start_ms < from - SLACK_MS || i.end_ms > from + lengthMs(report) + SLACK_MS, `${i.id} lies outside the window`),
      ...when(Math.abs(at(i.start_ns) - i.start_ms) > SLACK_MS || Math.abs(at(i.end_ns) - i.end_ms) > SLACK_MS, `${i.id} has two times`),
      ...when(
        i.causes.some(c => c.excess_ms < 0 || !isShare(c.share)) || sum(i.causes.map(c => c.share)) > 1 + SLACK_SHARE,
        `the causes of ${i.id} are more than the whole`,
      ),
      ...when(sum(i.causes.map(c => c.excess_ms)) > i.excess_ms + SLACK_MS, `the causes of ${i.id} cost more than it did`),
      ...when(report.requests !== null && i.requests > report.requests.judged, `${i.id} held up more requests than were judged`),
    ];
  });

const books: Check = ({ books: { excess_ms, parts }, unexplained }) => [
  ...when(
    parts.length > 0 && Math.abs(sum(parts.map(p => p.excess_ms)) - excess_ms) > SLACK_MS,
    'the parts of the books are not their sum',
  ),
  ...when(
    parts.some(p => p.excess_ms < 0 || !isShare(p.share)),
    'a part of the books is not within the whole',
  ),
  ...when(
    Math.abs((parts.find(p => p.cause === 'unexplained')?.excess_ms ?? unexplained.excess_ms) - unexplained.excess_ms) > SLACK_MS,
    'two numbers are given for what is unexplained',
  ),
];

const causes: Check = report => {
  const ids = new Set(report.incidents.map(i => i.id));
  const p99 = report.latency.find(l => l.metric === 'e2e')?.p99_ms;
  return report.causes.flatMap(c => [
    ...when(c.excess_ms < 0 || !isShare(c.share), `${c.cause} has a share of ${c.share}`),
    ...when(
      c.incidents.some(id => !ids.has(id)),
      `${c.cause} names an incident that is not there`,
    ),
    ...when(
      c.p99_without_ms !== null &&
        (c.p99_without_ms.lower > c.p99_without_ms.upper + SLACK_MS || (p99 !== undefined && c.p99_without_ms.upper > p99 + SLACK_MS)),
      `p99 without ${c.cause} is above p99`,
    ),
  ]);
};

const requests: Check = ({ requests: r, latency }) => [
  ...when(r !== null && !(r.slow <= r.judged && r.judged <= r.finished && r.finished <= r.total), 'more requests are slow than were sent'),
  ...latency.flatMap(l =>
    when(
      !(l.p50_ms <= l.p95_ms + SLACK_MS && l.p95_ms <= l.p99_ms + SLACK_MS && l.p99_ms <= l.max_ms + SLACK_MS),
      `the percentiles of ${l.metric} are not in order`,
    ),
  ),
];

const devices: Check = report =>
  report.devices.flatMap(d => {
    const gaps = Object.values(d.gaps);
    const parts = [d.busy_ms, d.idle_ms, d.compute_absent_ms, d.communication_ms, d.copy_ms, d.overlapped_ms, ...gaps.map(g => g.lower_ms)];
    return [
      ...when(
        parts.some(ms => ms < 0),
        `${d.device} has a negative time`,
      ),
      ...when(Math.abs(d.busy_ms + d.idle_ms - lengthMs(report)) > SLACK_MS, `busy and idle of ${d.device} are not the window`),
      ...when(Math.abs(sum(gaps.map(g => g.upper_ms)) - d.idle_ms) > SLACK_MS, `the gaps of ${d.device} are not its idle time`),
      ...when(
        gaps.some(g => g.lower_ms > g.upper_ms + SLACK_MS),
        `a gap class of ${d.device} has its bounds crossed`,
      ),
      ...when(
        d.exposed_communication_ms > d.communication_ms + SLACK_MS || d.exposed_copy_ms > d.copy_ms + SLACK_MS,
        `more of ${d.device} is exposed than there is`,
      ),
    ];
  });

/** Nothing rests on what is not there. */
const statements: Check = ({ grounds, statements: said }) => {
  const missing = new Set(grounds.filter(g => !g.available).map(g => g.need));
  return said.flatMap(s => s.needs.filter(n => missing.has(n)).map(n => `${s.about} rests on ${n}, which is not there`));
};

const lanes: Check = report =>
  report.lane_books.flatMap(l => [
    ...when(
      Math.abs(sum(l.parts.map(p => p.ms)) - lengthMs(report)) > SLACK_MS,
      `the time of process ${l.process} on ${l.device} is not the window`,
    ),
    ...when(
      l.parts.some(p => p.ms < 0 || !isShare(p.share)),
      `a part of the time of process ${l.process} is not within the whole`,
    ),
  ]);

const CHECKS: readonly Check[] = [window, incidents, books, causes, requests, devices, statements, lanes];

/**
 * What a report says that cannot be true together: parts beyond their whole, times outside the window, negative durations, books that do not
 * close. Empty for a report that agrees with itself.
 */
export const contradictionsOf = (report: Checked): readonly string[] => CHECKS.flatMap(check => check(report));
