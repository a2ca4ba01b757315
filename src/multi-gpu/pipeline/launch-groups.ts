import { intAt, realAt, valueAt } from '#core/columns';
import { type Spans, spansOf } from '#core/math/spans';
import type { Ns } from '#core/units';
import { OP } from '#trace/events/gpu-ops';
import type { NcclSend } from './nccl-sends.ts';
import type { PipelineSource } from './source.ts';

/** Kernels of one device that one thread launched in a row, and where their result was sent. */
export interface LaunchGroup {
  readonly source: number;
  readonly device: number;
  readonly kernels: number[];
  readonly launched: Ns;
  /** `report:device`. */
  to: string | undefined;
}

/** All devices and copies at rest for as long as this: the program waited for everything, as it does between iterations. */
export const REST_NS = 100_000;

/** `report:device`. */
export const keyOf = (g: { readonly source: number; readonly device: number }) => `${g.source}:${g.device}`;

/** Cuts each thread's launches into groups: a copy, a collective or a kernel for another device ends one. */
export function groupsOf(source: PipelineSource, s: number, transfers: readonly NcclSend[]): LaunchGroup[] {
  const { ops } = source;
  const { api } = source.host;
  const launches: { readonly t: Ns; readonly thread: number; readonly op: number }[] = [];
  for (let i = 0; i < ops.n; i++) {
    if (ops.kind[i] === OP.memset) continue;
    const call = api.find(valueAt(ops.processes, intAt(ops.process, i)), intAt(ops.correlation, i));
    if (call >= 0) launches.push({ t: realAt(api.start, call), thread: intAt(api.thread, call), op: i });
  }
  launches.sort((a, b) => a.t - b.t || a.op - b.op);
  const sent = new Map(transfers.filter(t => t.source === s).map(t => [t.id, t]));
  const out: LaunchGroup[] = [];
  const open = new Map<number, LaunchGroup | undefined>();
  const last = new Map<number, LaunchGroup>();
  for (const { t, thread, op } of launches) {
    const device = intAt(ops.device, op);
    const current = open.get(thread);
    if (ops.kind[op] === OP.kernel || ops.kind[op] === OP.graph) {
      // Launched long after all before it was done: the program had waited for that.
      const rested = current !== undefined && t >= realAt(ops.end, valueAt(current.kernels, current.kernels.length - 1)) + REST_NS;
      if (current !== undefined && current.device === device && !rested) {
        current.kernels.push(op);
        continue;
      }
      const group: LaunchGroup = { source: s, device, kernels: [op], launched: t, to: undefined };
      out.push(group);
      open.set(thread, group);
      last.set(thread, group);
      continue;
    }
    open.set(thread, undefined);
    const transfer = sent.get(`${ops.process[op]}:${ops.correlation[op]}`);
    const producer = last.get(thread);
    if (transfer !== undefined && producer !== undefined && transfer.from === keyOf(producer)) producer.to = transfer.to;
  }
  return out;
}

/** When a group's kernels ran, ns on the clock that all reports share. */
export const spanOf = (source: PipelineSource, g: LaunchGroup): Spans =>
  spansOf(
    g.kernels.map(i => [realAt(source.ops.start, i) + source.clock.offset, realAt(source.ops.end, i) + source.clock.offset] as const),
  );
