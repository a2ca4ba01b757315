import type { Spans } from '#core/math/spans';
import type { Ns } from '#core/units';
import type { AttributedLoss } from '#diagnosis/causes/attribute-losses';
import type { LatePeers } from '#diagnosis/groups/late-peers';
import type { Lane } from '#diagnosis/lanes/lane';
import type { StreamPause } from '#diagnosis/requests/coincidence';
import type { DelayBreakdown } from '#diagnosis/requests/delay-breakdown';
import type { IncidentSelection } from '#diagnosis/requests/select-incidents';
import type { NamedKind } from '#diagnosis/requests/step-names';
import type { StepTokens } from '#diagnosis/requests/step-tokens';
import type { Chronic } from '#diagnosis/steps/chronic';
import type { EngineSteps } from '#diagnosis/steps/engine-steps';
import type { ExplainedStall } from '#diagnosis/steps/explain-stalls';

/** One lane that serves requests, taken apart. */
export interface LaneDiagnosis {
  readonly lane: Lane;
  readonly attributed: readonly AttributedLoss[];
  readonly steps: EngineSteps | undefined;
  /** What the kinds of its steps are called; empty without steps. */
  readonly kinds: readonly NamedKind[];
  /** What arrived after each step; undefined without steps, or where no one can say after which. */
  readonly tokens: StepTokens | undefined;
  /** When requests that this lane may serve were in flight; undefined without a load test. */
  readonly demand: Spans | undefined;
  /** GPUs that ran whole graphs in lockstep with it. */
  readonly graphs: LatePeers['graphs'];
  /** What is wrong in every step; undefined without steps or a load test. */
  readonly chronic: Chronic | undefined;
}

/** A stretch that the trace shows as held up while most of the streams in it kept their pace. */
export interface Contradicted {
  readonly start: Ns;
  readonly end: Ns;
  /** Streams that were being answered. */
  readonly decoding: number;
  /** Those of them that stood still. */
  readonly stalled: number;
}

/** What made requests slow: incidents, and the delays that refer to them by their place in that list. */
export interface RequestDelays {
  /** Undefined where no request was judged. */
  readonly selection: IncidentSelection | undefined;
  readonly incidents: readonly ExplainedStall[];
  readonly delays: readonly DelayBreakdown[];
}

/** What was found out about one lane. */
export interface LaneAnswer extends RequestDelays {
  /** Undefined where no lane serves requests. */
  readonly diagnosis: LaneDiagnosis | undefined;
  readonly contradicted: readonly Contradicted[];
  readonly pauses: readonly StreamPause[];
}
