import { count, wallClock } from '#core/format/numbers';
import type { Ms, Share } from '#core/units';
import type { DelayBreakdown } from '#diagnosis/requests/delay-breakdown';
import type { Cause } from '#schema/causes';
import type { Finding, Latency, RankedCause, Report } from '#schema/report';
import type { LaneBooks, Summary } from '#schema/summary';
import {
  devicesVerdict,
  firstSentence,
  incidentsOf,
  isFault,
  laneVerdict,
  trainingVerdict,
  verdictOf,
  type When,
  whenOf,
} from './verdict.ts';

/** What the summary is made from: the report so far, and what only the analysis knows. */
export interface SummaryFacts
  extends Pick<Report, 'window' | 'requests' | 'latency' | 'devices' | 'incidents' | 'causes' | 'unexplained' | 'training'> {
  readonly run: string;
  /** Models of GPUs that were sampled, where no trace names any. */
  readonly sampled: readonly string[];
  /** What is said of a cause, and what to do about it first. */
  readonly words: (cause: Cause) => Readonly<Record<'plainly' | 'action', string>>;
  /** Processes that served requests, as the operating system numbers and names them. */
  readonly processes: readonly { readonly pid: number; readonly name: string | undefined }[];
  readonly delays: readonly DelayBreakdown[];
  readonly wholeTest: Latency | undefined;
  readonly lanes: readonly LaneBooks[];
  readonly findings: readonly Finding[];
  /** What several devices did together, the paragraphs of their answers. */
  readonly together: readonly string[];
  readonly cannotTell: readonly string[];
  readonly hostBound: { readonly share: Share; readonly cause: Cause } | undefined;
  readonly blind: string | undefined;
  readonly isBusyKnown: boolean;
  /** All is there that it takes to say that nothing held requests up. */
  readonly mayBeHealthy: boolean;
}

/** Rows of the table: with a heading, the verdict, the limits and the paths they make twelve lines. */
const MOST_CAUSES = 4;
const MOST_LIMITS = 2;
/** Processes that the title names. */
const MOST_PROCESSES = 4;
/** A cause had a part in a request's delay where it holds this share of it. */
const HAD_A_PART: Share = 0.1;

/** What is open in nearly every report: told where nothing else is. */
const isUsual = (line: string) =>
  /^(Whether the trace file is damaged|What happened to|What the profiler itself cost|How long requests waited in the load generator)|recorded only where it is asked for\.$/.test(
    line,
  );

const lengthOf = ({ window }: Pick<Report, 'window'>): Ms => Number(BigInt(window.end_ns) - BigInt(window.start_ns)) / 1e6;

/** The moment from which all times of the report count. */
const zeroOf = ({ start_ns, start_ms }: Report['window']): string => String(BigInt(start_ns) - BigInt(Math.round(start_ms * 1e6)));

/** Case, GPU model, process, time. */
function titleOf({ run, devices, processes, sampled, window }: SummaryFacts): string {
  const models = [...new Set(devices.map(d => d.name ?? 'GPU of unknown model'))].join(', ');
  const untraced = sampled.length > 0 ? sampled.join(', ') : 'no GPU';
  const gpus = devices.length === 0 ? untraced : devices.length === 1 ? models : `${count(devices.length, 'device')}: ${models}`;
  const names = processes
    .slice(0, MOST_PROCESSES)
    .map(({ pid, name }) => (name === undefined ? `process ${pid}` : `${name} (process ${pid})`));
  const who = processes.length > MOST_PROCESSES ? [...names, `${processes.length - MOST_PROCESSES} more processes`] : names;
  const when = window.epoch_known ? `0 s is ${wallClock(zeroOf(window))}` : 'time not recorded';
  return [run, gpus, ...(who.length === 0 ? [] : [who.join(', ')]), when].join(' · ');
}

const had = (b: DelayBreakdown, { cause }: Pick<RankedCause, 'cause'>) => b.slow && (b.parts.get(cause) ?? 0) >= HAD_A_PART * b.excessMs;

type Told = RankedCause & When & { readonly requests: number };

interface Line {
  readonly told: readonly Told[];
  readonly faults: readonly Told[];
  readonly slow: number;
  readonly isHealthy: boolean;
  /** No request is there to be judged, and several devices worked together or a training ran. */
  readonly isOfDevices: boolean;
  readonly chronic: Finding | undefined;
}

/** The verdict in plain words: about requests where they were judged, else about steps or devices. */
function firstLine(f: SummaryFacts, { told, faults, slow, isHealthy, isOfDevices, chronic }: Line): string {
  const e2e = f.latency.find(l => l.metric === 'e2e');
  if (e2e !== undefined && f.requests !== null)
    return verdictOf({
      ...f,
      e2e,
      requests: f.requests,
      slow,
      faults: faults.filter(c => c.p99_without_ms !== null),
      isHealthy,
      chronic: chronic?.title,
      plainly: cause => f.words(cause).plainly,
    });
  if (isOfDevices) {
    const steps = f.training === null ? undefined : trainingVerdict(f.training, told);
    return steps ?? firstSentence(f.together[0] ?? f.training?.answer ?? '');
  }
  const [lane] = f.lanes;
  if (lane === undefined || !f.isBusyKnown) return devicesVerdict(f.devices, f.isBusyKnown, f.blind);
  return `${laneVerdict(lane, lengthOf(f))}${f.requests === null ? '' : ' None of the requests lies wholly inside the trace.'}`;
}

const whenAt = (incidents: readonly Report['incidents'][number][]): When => ({ when: whenOf(incidents), moments: incidents.length });

/** The answer in at most twelve lines. */
export function summaryOf(f: SummaryFacts): Summary {
  const isJudged = f.requests !== null && f.latency.some(l => l.metric === 'e2e');
  const told: Told[] = f.causes.map(c => ({
    ...c,
    requests: f.delays.filter(b => had(b, c)).length,
    ...whenAt(incidentsOf(f.incidents, c)),
  }));
  const faults = told.filter(isFault);
  const slow = f.requests?.slow ?? 0;
  const [chronic] = f.findings.filter(x => x.id.startsWith('chronic-') && x.severity !== 'info');
  const isHealthy = chronic === undefined && isJudged && f.mayBeHealthy && faults.length === 0 && slow === 0 && f.hostBound === undefined;
  // Of a training or a pipeline nobody asks for requests.
  const isOfDevices = f.requests === null && (f.training !== null || f.together.length > 0);
  const asked = f.cannotTell.filter(l => !(isOfDevices && l.startsWith('Which requests were slow')));
  return {
    title: titleOf(f),
    verdict: firstLine(f, { told, faults, slow, isHealthy, isOfDevices, chronic }),
    healthy: isHealthy,
    causes: faults.slice(0, MOST_CAUSES).map(c => ({
      ...{ cause: c.cause, excess_ms: c.excess_ms, share: c.share, requests: c.p99_without_ms === null ? null : c.requests },
      ...{ when: c.when, action: c.action ?? f.words(c.cause).action },
    })),
    others: Math.max(0, faults.length - MOST_CAUSES),
    cannot_tell: [...asked.filter(l => !isUsual(l)), ...asked.filter(isUsual)].slice(0, MOST_LIMITS),
  };
}
