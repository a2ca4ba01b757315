import type { Input } from '#diagnosis/causes/define';
import { forbids } from '#diagnosis/causes/forbidden';
import type { Capability } from '#schema/report';
import { ranksEnd, whyForbidden } from './completeness.ts';
import type { Facts } from './facts.ts';

/** Why an input cannot be looked at, or undefined where it can. */
export type Missing = (input: Input) => string | undefined;

/** What a detector may need, and why it is not there. */
export function missingInputs({ aligned, samples, parallel, source, lanes, training, completeness, gpuClock, isPipeline }: Facts): Missing {
  return need => {
    const why = forbids(completeness, need);
    if (why !== undefined) return whyForbidden(completeness, why);
    switch (need) {
      case 'requests':
        return aligned.hasRequests ? undefined : 'no load test came with the trace';
      case 'gpu samples':
        if (gpuClock === 'doubtful')
          return 'the GPU samples do not fit the trace: power is not higher while kernels run (check --zone-hours)';
        return samples.hasGpu ? undefined : 'no GPU samples (clocks, power) came with the trace';
      case 'host samples':
        return samples.hasHost ? undefined : 'no host samples (/proc counters) came with the trace';
      case 'ranks':
        // What the others waited for after that is not in the trace.
        if (parallel.collectives !== null) return ranksEnd(completeness, { pidOf: source.pidOf, from: 0 });
        return source.missing('collective') === undefined ? 'of its collectives one rank alone was recorded' : undefined;
      case 'steps':
        return lanes.length === 0 && !isPipeline && training?.found === undefined
          ? 'the trace does not show whether the device worked or stood still meanwhile'
          : undefined;
      case 'engine counters':
        return samples.hasPreemptions
          ? undefined
          : 'the engine’s count of preempted requests (its /metrics, once a second or more often) did not come with the trace';
      case 'device numbers':
      case 'training':
        return undefined;
      case 'kernel':
        // A graph that was recorded as one row is work as well.
        return source.missing('graph_launch') === undefined ? undefined : source.missing('kernel');
      case 'page_fault':
        return source.missing(need) && 'page faults on managed memory were not recorded (--cuda-um-gpu-page-faults=true)';
      default:
        return source.missing(need);
    }
  };
}

/** What came along with the trace, beside what the trace itself can tell. */
export const filesBeside = (missing: Missing): Capability[] =>
  (['requests', 'gpu samples', 'host samples'] as const).map(what => ({
    what,
    available: missing(what) === undefined,
    why: missing(what) ?? 'came with the trace',
  }));
