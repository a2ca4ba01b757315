import type { Bytes, Ns, Share } from '#core/units';
import type { FollowedWait } from '#diagnosis/waits/wait-graph';
import type { Activity } from '#trace/events/host-categories';
import type { ActivityStretch } from '#trace/events/thread-activity';
import type { Late } from './late.ts';

/** Facts about one gap of the lane that detectors judge by. Times in ns since the session began. */
export interface LaneGap {
  readonly start: Ns;
  readonly end: Ns;
  readonly thread: number;
  /** How long the launching thread was in each activity while the gap was open and nothing was launched. */
  readonly byActivity: ReadonlyMap<Activity, Ns>;
  /** The operation that ended the gap was a kernel never seen before in this trace. */
  readonly firstSeen: boolean;
  /** Code was loaded in the gap or right after it, by whichever thread, and a kernel ran that had never run before. */
  readonly codeFollows: boolean;
  /** Other work ran on the GPU while the gap was open. */
  readonly contended: boolean;
  /** The thread was waiting for the device when the gap opened, and no result was being read back. */
  readonly afterNeedlessSync: boolean;
  /** Index of the operation that ended the gap. */
  readonly endedBy: number;
}

/** An operation of another stream of the process for which an event made work of the lane wait. */
export interface Behind {
  /** Index in GpuOps. */
  readonly op: number;
  readonly stream: number;
  readonly what: 'copy' | 'collective' | 'work';
}

/**
 * A stretch in which the lane lost time. Stretches never overlap.
 * - starved: nothing was queued for the lane; `activity` and `call` say what the launching thread did
 * - queued: work was queued but did not run; `behind` when it waited for work of another stream, `foreign` when other work held the GPU, `byClock` for as long as that work took only because of
 *   the lowered clock
 * - unknown: the gap's end has no launch record
 * - copy: the lane did nothing but copy
 * - slow: the part of a kernel beyond what the same kernel normally takes; `slowAround` is the share of its neighbours
 *   that were slow too, `byClock` marks the part that the lowered clock accounts for
 * - spin: a collective's kernel waited inside for a rank that came late, or the lane is that rank and the others waited for it
 */
export type Loss =
  | ({
      readonly kind: 'starved';
      readonly start: Ns;
      readonly end: Ns;
      readonly gap: LaneGap;
      readonly bound: 'sure' | 'straddling';
      /** The thread that was in this activity: the launching one, or whom it waited for. */
      readonly root: number;
      /** The waits that led there, that of the launching thread first. */
      readonly via: readonly FollowedWait[];
      /** The launching thread sat where it sits when there is nothing to do: its engine had been given nothing. */
      readonly isInput?: boolean;
    } & Pick<ActivityStretch, 'activity' | 'call'>)
  | {
      readonly kind: 'queued';
      readonly start: Ns;
      readonly end: Ns;
      readonly foreign: boolean;
      readonly byClock: boolean;
      readonly endedBy: number;
      /** The call that put a host function on the stream between this work and what ran before; '' where there was none. */
      readonly hostFunction: string;
      /** A stream was made to wait for an event in between, and the trace does not tell for which. */
      readonly waitsUnseen: boolean;
      /** What an event made this work wait for; undefined where nothing is known. */
      readonly behind: Behind | undefined;
    }
  | { readonly kind: 'unknown'; readonly start: Ns; readonly end: Ns }
  | {
      readonly kind: 'copy';
      readonly start: Ns;
      readonly end: Ns;
      readonly bytes: Bytes;
      /** One of COPY_KIND. */
      readonly copyKind: number;
      readonly pageable: boolean;
    }
  | {
      readonly kind: 'slow';
      readonly start: Ns;
      readonly end: Ns;
      readonly normal: Ns;
      readonly foreignShare: Share;
      readonly slowAround: Share;
      /** A whole CUDA graph: unlike a kernel it does the same work each time. */
      readonly isGraph: boolean;
      readonly byClock: boolean;
    }
  | { readonly kind: 'spin'; readonly start: Ns; readonly end: Ns; readonly wait: Late };
