import type { Ns, Share } from '#core/units';
import type { WaitGraph } from '#diagnosis/waits/wait-graph';
import type { GpuOps } from '#trace/events/gpu-ops';
import type { HostCalls } from '#trace/events/host-calls';
import type { Lane } from './lane.ts';
import type { LateWait } from './late-wait.ts';

/** What the losses of a lane are judged by. */
export interface LossContext {
  readonly ops: GpuOps;
  readonly host: HostCalls;
  readonly lane: Lane;
  /** What threads did, waits followed to whoever ended them, and what operations were made to wait for. */
  readonly waits: WaitGraph;
  /** Collectives that spun for a late rank, by their index in ops. */
  readonly lateWaits?: ReadonlyMap<number, LateWait>;
  /** The thread that launches what the lane computes, where there is one. */
  readonly driver: number | undefined;
  /** Whether code was made or loaded in a gap, or ends it. */
  readonly codeFollows: (from: Ns, to: Ns) => boolean;
  /** Share of a stretch's time that the lowered clock cost. */
  readonly clockShare: (from: Ns, to: Ns) => Share;
}
