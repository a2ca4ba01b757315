import type { Input } from '#diagnosis/causes/define';
import { forbids } from '#diagnosis/causes/forbidden';
import type { Capability } from '#schema/report';
import { ranksEnd, whyForbidden } from './completeness.ts';
import type { Facts } from './facts.ts';
import { NO_TRACE } from './untraced/no-trace.ts';
import { noStepsText, WITHOUT_A_TRACE } from './untraced/wording.ts';

/** Why an input cannot be looked at, or undefined where it can. */
export type Missing = (input: Input) => string | undefined;

const BESIDE_A_TRACE = {
  requests: 'no load test came with the trace',
  gpu: 'no GPU samples (clocks, power) came with the trace',
  host: 'no host samples (/proc counters) came with the trace',
  doubtful: 'the GPU samples do not fit the trace: power is not higher while kernels run (check --zone-hours)',
};

/** What a detector may need, and why it is not there. */
export function missingInputs(facts: Facts): Missing {
  const { aligned, samples, parallel, source, lanes, training, completeness, gpuClock, isPipeline, untraced } = facts;
  const beside = untraced === undefined ? BESIDE_A_TRACE : WITHOUT_A_TRACE;
  return need => {
    const why = forbids(completeness, need);
    if (why !== undefined) return whyForbidden(completeness, why);
    switch (need) {
      case 'requests':
        return aligned.hasRequests ? undefined : beside.requests;
      case 'gpu samples':
        if (gpuClock === 'doubtful') return beside.doubtful;
        return samples.hasGpu ? undefined : beside.gpu;
      case 'host samples':
        return samples.hasHost ? undefined : beside.host;
      case 'ranks':
        // What the others waited for after that is not in the trace.
        if (parallel.collectives !== null) return ranksEnd(completeness, { pidOf: source.pidOf, from: 0 });
        return source.missing('collective') === undefined ? 'of its collectives one rank alone was recorded' : undefined;
      case 'trace':
        return untraced && NO_TRACE;
      case 'steps':
        if (untraced !== undefined) return untraced.steps === undefined ? noStepsText(untraced.whyNoSteps) : undefined;
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

/** What came along with the trace, beside what the trace itself can tell; what was given, where there is none. */
export const filesBeside = (missing: Missing): Capability[] =>
  (['requests', 'gpu samples', 'host samples'] as const).map(what => ({
    what,
    available: missing(what) === undefined,
    why: missing(what) ?? (missing('trace') === undefined ? 'came with the trace' : 'was given'),
  }));
