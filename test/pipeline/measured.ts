import { spansOf } from '#core/math/spans';
import type { LostBy } from '#diagnosis/causes/attribute-losses';
import type { DeviceWork } from '#multi-gpu/pipeline/devices';
import { handoffsOf } from '#multi-gpu/pipeline/handoffs';
import type { MeasuredIteration } from '#multi-gpu/pipeline/measured-task';
import type { Iteration } from '#multi-gpu/pipeline/operation';
import { measureIteration } from '#multi-gpu/pipeline/tasks';
import type { Transfer } from '#multi-gpu/pipeline/transfers';
import type { CauseOrRest } from '#schema/causes';
import { type Plan, type Truth, truthOf } from './generate.ts';

/** One iteration of a plan, measured, without the way through names and traces: for thousands of them. */
export function measuredOf(plan: Plan): { readonly measured: MeasuredIteration; readonly truth: Truth } {
  const truth = truthOf(plan);
  const { p, m, v = 1, copy = 0, staged = false } = plan;
  const operations = truth.ops
    .map(o => ({
      kind: o.kind,
      microbatch: o.mb,
      stage: o.stage,
      rank: o.rank,
      start: o.start,
      end: o.end,
      work: spansOf([[o.start, o.end]]),
      launched: o.start > o.ready ? o.start : -1,
      source: 0,
      op: 0,
      late: [],
      streams: new Set([10 + o.rank]),
      phase: undefined,
    }))
    .sort((a, b) => a.start - b.start);
  const transfers = (copy === 0 ? [] : truth.handoffs)
    .map((h): Transfer => {
      const half = h.start + Math.floor(copy / 2);
      const [from, to] = [`0:${h.from.rank}`, `0:${h.to.rank}`];
      return {
        ...{ start: h.start, end: h.end, bytes: copy, from, to, staged, source: 0, stream: 100 + h.from.rank, id: '', launched: -1, op: 0 },
        sent: [h.start, staged ? half : h.end],
        received: [staged ? half : h.start, h.end],
        copy: undefined as unknown as Transfer['copy'],
      };
    })
    .sort((a, b) => a.start - b.start);
  const devices = new Map(
    Array.from({ length: p }, (_, rank): [string, DeviceWork] => [
      `0:${rank}`,
      {
        ...{ source: 0, device: rank, label: `GPU ${rank}` },
        compute: spansOf(truth.ops.filter(o => o.rank === rank).map(o => [o.start, o.end] as const)),
        communication: spansOf(transfers.filter(t => t.from === `0:${rank}`).map(t => t.sent)),
      },
    ]),
  );
  const iteration: Iteration = { label: undefined, p, m, v, devices: [...devices.keys()], operations };
  const model = {
    // One hop of two would do.
    stagingCost: (t: Transfer) => (t.staged ? t.end - t.start - Math.ceil(copy / 2) : 0),
    // The one half of what was late was computing, the other waiting; a third of it nothing tells.
    lateLaunch: (_: number, __: number, from: number, to: number) =>
      new Map<CauseOrRest, LostBy>([
        [from % 2 < 1 ? 'host-compute' : 'host-blocked', { ns: ((to - from) * 2) / 3, subject: 'a call' }],
        ['unexplained', { ns: (to - from) / 3, subject: '' }],
      ]),
  };
  return { measured: measureIteration(iteration, handoffsOf(iteration, transfers, new Map(), devices), devices, model), truth };
}
