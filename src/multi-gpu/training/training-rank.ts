import { intAt, realAt, valueAt } from '#core/columns';
import type { Ns, Share } from '#core/units';
import { findWorkers } from '#diagnosis/lanes/workers';
import type { SampleTimeline } from '#diagnosis/telemetry/samples';
import type { WaitGraph } from '#diagnosis/waits/wait-graph';
import { gpuNumber } from '#trace/events/gpu-label';
import { OP } from '#trace/events/gpu-ops';
import type { OpenedTrace } from '#trace/opened-trace';

/** One report of a training run. */
export interface TrainingSource extends OpenedTrace {
  /** How the reader knows it: a file's name. */
  readonly name: string;
  /** Telemetry of a GPU, by its label. */
  readonly samples?: ((device: string) => SampleTimeline) | undefined;
  /** Who waited for whom. */
  readonly waits?: WaitGraph | undefined;
}

/** What one process of a training does on one GPU. Times on its source's clock, ns. */
export interface TrainingRank {
  readonly label: string;
  readonly deviceLabel: string;
  readonly source: number;
  /** Index into the source's GpuOps.processes, and GpuOps.devices. */
  readonly process: number;
  readonly device: number;
  /** Its kernels and graphs in order of start, collectives left out: indices into the source's GpuOps. */
  readonly work: Int32Array;
  /** Its collectives in order of start. */
  readonly collectives: Int32Array;
  /** When its process launched each of its works; NaN where that is not recorded. */
  readonly launched: () => Float64Array;
}

/** A process that runs less than this share of what the busiest one does is no rank: it evaluates, or serves. */
const RANK_SHARE: Share = 0.1;
/** A lane with fewer operations shows no steps. */
const FEWEST_OPS = 50;

/** The ranks of a training, numbered as those of collectives are: by source, then by GPU, then by process. */
export function trainingRanks(sources: readonly TrainingSource[]): readonly TrainingRank[] {
  const workers = sources.flatMap((s, source) => findWorkers(s.ops).map(w => ({ ...w, source })));
  const most = workers.reduce((n, w) => Math.max(n, w.n), 0);
  const numberOf = (w: (typeof workers)[number]) => gpuNumber(sources[w.source]?.ops.devices[w.device] ?? '');
  const pidOf = (w: (typeof workers)[number]) => valueAt(sources[w.source]?.ops.processes, w.process);
  return workers
    .filter(w => w.n >= Math.max(FEWEST_OPS, RANK_SHARE * most))
    .toSorted((a, b) => a.source - b.source || numberOf(a) - numberOf(b) || pidOf(a) - pidOf(b))
    .flatMap((w, k) => {
      const source = sources[w.source];
      return source === undefined ? [] : [rankOf(source, w.source, w.process, w.device, `rank ${k}`)];
    });
}

function rankOf({ ops, host }: TrainingSource, source: number, process: number, device: number, label: string): TrainingRank {
  const work: number[] = [];
  const collectives: number[] = [];
  for (let i = 0; i < ops.n; i++) {
    if (ops.device[i] !== device || ops.process[i] !== process) continue;
    if (ops.kind[i] === OP.kernel || ops.kind[i] === OP.graph) work.push(i);
    else if (ops.kind[i] === OP.communication) collectives.push(i);
  }
  const rows = Int32Array.from(work);
  const pid = valueAt(ops.processes, process);
  const launchOf = (i: number): Ns => {
    const call = host.api.find(pid, intAt(ops.correlation, i));
    return call < 0 ? Number.NaN : realAt(host.api.start, call);
  };
  return {
    label,
    deviceLabel: ops.devices[device] ?? '',
    source,
    process,
    device,
    work: rows,
    collectives: Int32Array.from(collectives),
    launched: () => Float64Array.from(rows, launchOf),
  };
}
