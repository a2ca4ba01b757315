import { median } from 'd3-array';
import { intAt, realAt, valueAt } from '#core/columns';
import { getOrCompute } from '#core/get-or-compute';
import { upperBound } from '#core/math/spans';
import type { Bytes, Ns } from '#core/units';
import { OP } from '#trace/events/gpu-ops';
import type { PipelineSource } from './source.ts';
import type { Transfer } from './transfers.ts';

/** That something went from one GPU to another, whatever carried it. Times on the clock that all reports share. */
export type NcclSend = Pick<Transfer, 'start' | 'end' | 'from' | 'to' | 'source' | 'id'>;

/** A message that NCCL passed on, and its transfer time. */
export interface Message extends NcclSend {
  /** Undefined where the trace does not say. */
  readonly bytes: Bytes | undefined;
  /** Length of the shorter of its two kernels: the other one also waited. */
  readonly transfer: Ns;
}

/** What NCCL calls the ranges of its own calls. */
export const SEND = 'ncclSend';
export const RECEIVE = 'ncclRecv';

/** A kernel of NCCL that sends to, or receives from, one rank. */
interface End {
  readonly source: number;
  readonly id: string;
  readonly start: Ns;
  readonly end: Ns;
  readonly bytes: Bytes | undefined;
}
/** All that one stream of a device sends, or receives, in order. */
interface MessageStream {
  readonly device: string;
  readonly sends: boolean;
  readonly ends: End[];
}

/**
 * Sends and receives of each stream. NCCL launches a kernel at the end of a group of calls: it is a send where all calls of its thread
 * since the kernel before were sends. A kernel that does both tells nothing: its stream is left out.
 */
function messageStreamsOf(source: PipelineSource, s: number): MessageStream[] {
  const { ops, host, messageOf } = source;
  const { offset } = source.clock;
  const calls = new Map<string, { readonly t: Ns; readonly sends: boolean }[]>();
  for (const r of source.ranges)
    if (r.name === SEND || r.name === RECEIVE)
      getOrCompute(calls, `${r.pid}:${r.tid}`, () => [] as { t: Ns; sends: boolean }[]).push({ t: r.start, sends: r.name === SEND });
  if (calls.size === 0) return [];
  const starts = new Map([...calls].map(([thread, list]) => [thread, Float64Array.from(list, c => c.t)]));
  const kernels: { readonly op: number; readonly t: Ns; readonly thread: string }[] = [];
  for (let i = 0; i < ops.n; i++) {
    if (ops.kind[i] !== OP.communication) continue;
    const call = host.api.find(valueAt(ops.processes, intAt(ops.process, i)), intAt(ops.correlation, i));
    if (call < 0) continue;
    const thread = host.threads[intAt(host.api.thread, call)];
    kernels.push({ op: i, t: realAt(host.api.start, call), thread: `${thread?.pid}:${thread?.tid}` });
  }
  kernels.sort((a, b) => a.t - b.t);
  const used = new Map<string, number>();
  const streams = new Map<string, MessageStream>();
  const unclear = new Set<string>();
  for (const { op, t, thread } of kernels) {
    const before = starts.get(thread);
    if (before === undefined) continue;
    const to = upperBound(before, t);
    const since = (calls.get(thread) ?? []).slice(used.get(thread) ?? 0, to);
    used.set(thread, to);
    // A collective's kernel, which follows no such call.
    if (since.length === 0) continue;
    const device = `${s}:${ops.device[op]}`;
    const stream = `${device}:${ops.process[op]}:${ops.stream[op]}`;
    const sends = since[0]?.sends ?? false;
    if (since.some(c => c.sends !== sends)) {
      unclear.add(stream);
      continue;
    }
    getOrCompute(streams, `${stream}:${sends}`, () => ({ device, sends, ends: [] as End[] })).ends.push({
      source: s,
      id: `${ops.process[op]}:${ops.correlation[op]}`,
      start: realAt(ops.start, op) + offset,
      end: realAt(ops.end, op) + offset,
      bytes: messageOf?.(op) || undefined,
    });
  }
  return [...streams].filter(([key]) => !unclear.has(key.slice(0, key.lastIndexOf(':')))).map(([, c]) => c);
}

/** How far apart the two ends of each message end, the median; undefined where some pair cannot be one message. */
function distance(sent: MessageStream, received: MessageStream): Ns | undefined {
  if (sent.device === received.device || sent.ends.length !== received.ends.length) return undefined;
  const apart: Ns[] = [];
  for (const [i, a] of sent.ends.entries()) {
    const b = received.ends[i];
    // NCCL's buffers may hold a whole message, so that its send is over before its receive begins; never the other way round.
    if (b === undefined || b.end <= a.start) return undefined;
    apart.push(Math.abs(a.end - b.end));
  }
  return median(apart);
}

/**
 * What NCCL's kernels carried from one device to another, in order of time: the messages of a stream that sends with those of the
 * stream that receives them, as many and in the same order. Nothing where NCCL's own NVTX ranges are not in the trace: a
 * kernel alone does not tell which way it sends.
 */
export function ncclSends(sources: readonly PipelineSource[]): Message[] {
  const streams = sources.flatMap(messageStreamsOf);
  const receivers = new Set(streams.filter(c => !c.sends));
  const out: Message[] = [];
  for (const sent of streams.filter(c => c.sends)) {
    let best: MessageStream | undefined;
    let least = Number.POSITIVE_INFINITY;
    for (const received of receivers) {
      const far = distance(sent, received);
      if (far !== undefined && far < least) {
        least = far;
        best = received;
      }
    }
    if (best === undefined) continue;
    receivers.delete(best);
    for (const [i, a] of sent.ends.entries()) {
      const b = best.ends[i];
      if (b === undefined) continue;
      const transfer = Math.min(a.end - a.start, b.end - b.start);
      const { start, source, id } = a;
      out.push({ start, end: b.end, from: sent.device, to: best.device, source, id, bytes: a.bytes ?? b.bytes, transfer });
    }
  }
  return out.sort((a, b) => a.start - b.start);
}
