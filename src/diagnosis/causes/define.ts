import type { Ns, Share } from '#core/units';
import type { Checkpoint } from '#diagnosis/lanes/checkpoints';
import type { DataLoader } from '#diagnosis/lanes/data-loader';
import type { Loss } from '#diagnosis/lanes/loss';
import type { Migrated } from '#diagnosis/lanes/migrated';
import type { SampleTimeline } from '#diagnosis/telemetry/samples';
import { CAUSE_NEEDS, type Cause } from '#schema/causes';
import type { Copied } from '#trace/events/trace-facts';
import type { PreludeName } from '#trace/queries/index.gen';

/** What a detector may know besides the loss it is asked about. */
export interface DetectorContext {
  readonly samples: SampleTimeline;
  /** Name of the work of a GPU operation, for the reader. */
  readonly describe: (op: number) => string;
  /** What a copy moved. */
  readonly copyOf: (op: number) => Copied;
  /** Name of the other work that ran on the GPU most in [from, to). */
  readonly foreignWork: (from: Ns, to: Ns) => string;
  /** What managed memory did for the lane in [from, to), undefined where nothing. */
  readonly migrated: (from: Ns, to: Ns) => Migrated | undefined;
  /** The data loader beside the lane. */
  readonly loader: DataLoader;
  /** The checkpoint that was being written in the larger half of [from, to), if any. */
  readonly checkpoint: (from: Ns, to: Ns) => Checkpoint | undefined;
  /** Whether calls into the operating system were recorded: without them a wait and a computation look alike. */
  readonly hasOsCalls: boolean;
  /** The lane is one stream: its operations wait for nothing but each other. */
  readonly oneStream: boolean;
}

/** One engine step that took longer than a normal one, and the part of it that was plain work. Times since the session began. */
export interface LongWork {
  readonly start: Ns;
  readonly end: Ns;
  /** Work beyond that of a normal step. */
  readonly excess: Ns;
  /** The least delay that makes a request slow on its own. */
  readonly slowLimit: Ns;
  /** Its work without collectives, and the usual work of a heavy step. */
  readonly computing: Ns;
  readonly usual: Ns;
  /** Share of its operations that were each followed by a synchronisation which read nothing back. */
  readonly lockstepShare: Share;
  /** Share of the time of its operations that collectives took. */
  readonly communicationShare: Share;
  /** Name of the kernel that took most of it. */
  readonly longestKernel: string;
}

/** What a detector says of a delay that is its cause's. */
export interface Attribution {
  /** What the reader should look at: a call, a copy, a kernel. */
  readonly subject: string;
  readonly confidence: 'high' | 'medium' | 'low';
  /** True for what more work than usual brings with it: in a step that holds more it is no loss of its own. */
  readonly followsWork?: boolean;
}

/**
 * Relations of the trace, what lay beside it, and `trace`: that there is one at all; `ranks`: where collectives were recorded, those of at least two ranks; `steps`: results that
 * come back to the host; `device numbers`: which GPU each process means; `training`: no requests are
 * served; `engine counters`: what the serving engine counts of its requests.
 */
export type Input =
  | PreludeName
  | 'trace'
  | 'gpu samples'
  | 'host samples'
  | 'requests'
  | 'ranks'
  | 'steps'
  | 'device numbers'
  | 'training'
  | 'engine counters';

/**
 * One cause and the evidence that earns it. Pure: facts in, an attribution out, or undefined where the delay is not this cause's.
 * Where several detectors attribute the same loss, the lowest `precedence` wins: the specific before the general.
 */
export interface Detector {
  readonly cause: Cause;
  /** Why the cause may be named, in one sentence. */
  readonly why: string;
  /** Without all of these it cannot tell. */
  readonly needs: readonly Input[];
  /** Without these it can tell less; the sentence says what. */
  readonly helps?: Readonly<Partial<Record<Input, string>>>;
  readonly precedence: number;
  readonly attributeLoss?: (loss: Loss, context: DetectorContext) => Attribution | undefined;
  /** Whether a loss that it does not attribute may be its own all the same, since the trace lacks what would tell: no cause after it is sure then. */
  readonly mayBe?: (loss: Loss, context: DetectorContext) => boolean;
  readonly attributeWork?: (work: LongWork, context: DetectorContext) => Attribution | undefined;
}

/** What the evidence of a cause rests on. */
type Grounds = Pick<Detector, 'why' | 'needs' | 'helps'>;
const GROUNDS: Readonly<Record<Cause, Grounds>> = CAUSE_NEEDS;

/** Completes a detector by what cause.json beside it says: `why`, `needs` and `helps`. */
export const defineDetector = (detector: Omit<Detector, keyof Grounds>): Detector => ({ ...GROUNDS[detector.cause], ...detector });
