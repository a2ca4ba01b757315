import { NO_SPANS, type Spans, spansOf } from '#core/math/spans';
import type { Ns } from '#core/units';
import { coincidence } from '#diagnosis/requests/coincidence';
import { attributeDelay } from '#diagnosis/requests/delay-breakdown';
import { type LastingChange, lastingChange } from '#diagnosis/requests/lasting-change';
import { inFlight, type JudgedRequest, placeRequests } from '#diagnosis/requests/requests';
import { selectIncidents } from '#diagnosis/requests/select-incidents';
import type { EngineSteps } from '#diagnosis/steps/engine-steps';
import { findStalls } from '#diagnosis/steps/stalls';
import type { Signal } from '#diagnosis/telemetry/signal';
import { type SignalTest, testSignals } from '#diagnosis/telemetry/signal-tests';
import { signalsOf, type Telemetry } from '#diagnosis/telemetry/signals';
import { explainByTelemetry, meetings } from '#diagnosis/token-steps/explain-by-telemetry';
import { asEngineSteps, slowStretches } from '#diagnosis/token-steps/late-tokens';
import { type NoTokenSteps, type TokenSteps, tokenSteps } from '#diagnosis/token-steps/token-steps';
import type { RequestRow } from '#schema/relation';
import type { Diagnosis } from './diagnose.ts';
import type { RequestDelays } from './lane-answer.ts';
import { withQueues } from './request-delays.ts';

/** What is known of a run of which no trace was taken. Times in ns since the window began. */
export interface UntracedInput extends Telemetry {
  readonly window: readonly [Ns, Ns];
  /** undefined where no load test is there. */
  readonly requests: { readonly rows: readonly RequestRow[]; readonly offset: Ns } | undefined;
  /** The time that telemetry saw; undefined where there is none. */
  readonly observed: readonly [Ns, Ns] | undefined;
}

/** What the times of tokens and telemetry showed in place of a trace. */
export interface Untraced {
  /** Engine steps by the times of tokens; undefined where they show none. */
  readonly steps: EngineSteps | undefined;
  /** Why there are none. */
  readonly whyNoSteps: NoTokenSteps | undefined;
  /** Since when requests are slower or faster, and stay so; undefined where they are not. */
  readonly lasting: LastingChange | undefined;
  /** Signals of causes in the telemetry, each held against the slow stretches. */
  readonly tests: readonly SignalTest[];
}

const NOTHING: RequestDelays = { selection: undefined, incidents: [], delays: [] };

/** Finds what held requests up, as far as that can be told without a trace. */
export function diagnoseUntraced(input: UntracedInput): { readonly diagnosis: Diagnosis; readonly untraced: Untraced } {
  const { requests, window } = input;
  const signals = signalsOf(input);
  const judged = requests === undefined ? [] : placeRequests(requests.rows, requests.offset);
  const demand = requests === undefined ? undefined : inFlight(requests.rows, requests.offset, window[1]);
  const seen = demand === undefined ? ('no-token-times' as const) : tokenSteps(judged, window, demand);
  const bare = typeof seen === 'string' ? undefined : asEngineSteps(seen, demand ?? NO_SPANS, judged.length);
  const told =
    judged.length === 0
      ? { ...NOTHING, steps: undefined, tests: testSignals(signals, () => NO_SPANS, input.observed ?? window) }
      : typeof seen === 'string' || bare === undefined
        ? byWork(judged, signals, input)
        : bySteps(judged, signals, { ...input, seen, bare, demand: demand ?? NO_SPANS });
  const { steps, tests, ...delays } = told;
  const { pauses } = coincidence(judged);
  return {
    diagnosis: { ...delays, lanes: [], demand, unjoined: 0, contradicted: [], pauses },
    untraced: {
      steps,
      tests,
      lasting: lastingChange(delays.delays),
      whyNoSteps: steps !== undefined || demand === undefined ? undefined : typeof seen === 'string' ? seen : 'too-few',
    },
  };
}

type Told = RequestDelays & Pick<Untraced, 'steps' | 'tests'>;

const common = ([a, b]: readonly [Ns, Ns], [c, d]: readonly [Ns, Ns]): readonly [Ns, Ns] => [Math.max(a, c), Math.min(b, d)];

const tested = (
  signals: readonly Signal[],
  slowFor: (signal: Signal) => Spans,
  { window, observed }: UntracedInput,
): readonly SignalTest[] => (observed === undefined ? [] : testSignals(signals, slowFor, common(window, observed)));

const shownBy = (tests: readonly SignalTest[]): readonly Signal[] => tests.filter(t => t.isShown).map(t => t.signal);

interface Seen extends UntracedInput {
  readonly seen: TokenSteps;
  /** Its steps, with nothing put down to telemetry. */
  readonly bare: EngineSteps;
  readonly demand: Spans;
}

/** By the engine's steps, as the times of tokens tell them. */
function bySteps(judged: readonly JudgedRequest[], signals: readonly Signal[], input: Seen): Told {
  const tests = tested(signals, signal => slowStretches(input.seen, signal), input);
  const steps = asEngineSteps(input.seen, input.demand, judged.length, shownBy(tests)) ?? input.bare;
  const selection = selectIncidents(judged, steps, findStalls(steps));
  const stalls = explainByTelemetry(selection.incidents, { steps, seen: input.seen, tests });
  return { ...withQueues(judged, selection, stalls), steps, tests };
}

/** By the requests' work, where no steps are seen: what it does not explain is laid to signals that may be named, as far as the request met them. */
function byWork(judged: readonly JudgedRequest[], signals: readonly Signal[], input: UntracedInput): Told {
  const selection = selectIncidents(judged, undefined, []);
  const slow = spansOf(
    attributeDelay(judged, selection, [])
      .filter(d => d.slow)
      .map(d => [d.request.arrival, d.request.end] as const),
  );
  const tests = tested(signals, () => slow, input);
  const incidents = meetings(slow, shownBy(tests));
  return { selection, incidents, delays: attributeDelay(judged, selection, incidents), steps: undefined, tests };
}
