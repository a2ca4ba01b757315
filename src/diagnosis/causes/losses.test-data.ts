import type { LaneGap, Loss } from '#diagnosis/lanes/loss';
import type { SampleTimeline } from '#diagnosis/telemetry/samples';
import type { Activity } from '#trace/events/host-categories';
import type { DetectorContext, LongWork } from './define.ts';

export const MS = 1e6;

type Of<Kind extends Loss['kind']> = Extract<Loss, { kind: Kind }>;

/** A gap in which the launching thread spent so much time (ns) in each activity. */
export const gapOf = (byActivity: Partial<Record<Activity, number>>, facts: Partial<LaneGap> = {}): LaneGap => ({
  start: 0,
  end: Object.values(byActivity).reduce((a, b) => a + b, 0),
  thread: 1,
  byActivity: new Map(Object.entries(byActivity) as [Activity, number][]),
  firstSeen: false,
  codeFollows: false,
  contended: false,
  afterNeedlessSync: false,
  endedBy: 1,
  ...facts,
});

/** A starved stretch; unless a gap is given, the gap was nothing else. */
export const starved = (activity: Activity, call = '', gap: LaneGap = gapOf({ [activity]: 10 * MS })): Of<'starved'> => ({
  kind: 'starved',
  start: gap.start,
  end: gap.end,
  gap,
  activity,
  call,
  root: gap.thread,
  via: [],
  bound: 'sure',
});

export const queued = (length: number, foreign: boolean, facts: Partial<Of<'queued'>> = {}): Of<'queued'> => ({
  kind: 'queued',
  start: 0,
  end: length,
  foreign,
  byClock: false,
  endedBy: 1,
  hostFunction: '',
  waitsUnseen: false,
  behind: undefined,
  ...facts,
});

export const unknown: Of<'unknown'> = { kind: 'unknown', start: 0, end: 10 * MS };

export const copied = (bytes: number, copyKind: number, pageable = false): Of<'copy'> => ({
  kind: 'copy',
  start: 0,
  end: 10 * MS,
  bytes,
  copyKind,
  pageable,
});

/** A kernel that took 3 ms instead of 1; nothing else ran, its neighbours were normal, the clock was not down. */
export const slow = (facts: Partial<Of<'slow'>> = {}): Of<'slow'> => ({
  kind: 'slow',
  start: MS,
  end: 3 * MS,
  normal: MS,
  foreignShare: 0,
  slowAround: 0,
  isGraph: false,
  byClock: false,
  ...facts,
});

/** An engine step 10 ms longer than normal, not long enough to make a request slow. */
export const work = (facts: Partial<LongWork> = {}): LongWork => ({
  start: 0,
  end: 12 * MS,
  excess: 10 * MS,
  slowLimit: 20 * MS,
  computing: 12 * MS,
  usual: 2 * MS,
  lockstepShare: 0,
  communicationShare: 0,
  longestKernel: 'gemm',
  ...facts,
});

/** A calm machine: the clock is up, disks and memory are quiet. */
export const contextOf = (
  samples: Partial<SampleTimeline> = {},
  facts: Partial<Omit<DetectorContext, 'samples'>> = {},
): DetectorContext => ({
  samples: {
    hasGpu: true,
    hasHost: true,
    hasPreemptions: true,
    preempted: () => 0,
    clockLoss: () => 0,
    throttleReason: () => 'software power cap',
    throttled: () => undefined,
    isPowerCapped: () => true,
    paging: () => undefined,
    diskBusy: () => false,
    ...samples,
  },
  describe: op => `kernel ${op}`,
  copyOf: () => ({ bytes: 2 ** 26, copyKind: 1, pageable: false }),
  foreignWork: () => 'gemm on another process',
  migrated: () => undefined,
  loader: {
    nameOf: () => undefined,
    keptWaiting: () => undefined,
    isUnnamed: () => false,
    mayHaveKept: () => false,
    workerBehind: () => undefined,
  },
  checkpoint: () => undefined,
  hasOsCalls: true,
  oneStream: false,
  ...facts,
});
