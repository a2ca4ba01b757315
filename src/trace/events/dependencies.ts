import { intAt, realAt, valueAt } from '#core/columns';
import { mergeAscending, upperBound } from '#core/math/spans';
import type { TraceSource } from '#trace/source';
import { SYNC_KIND } from './copy-kinds.ts';
import type { GpuOps } from './gpu-ops.ts';
import type { HostCalls } from './host-calls.ts';
import { AMBIGUOUS, streamKey, streamOrder } from './stream-order.ts';

/** What GPU operations had to wait for, as far as the trace tells. */
export interface Dependencies {
  /** Index of the operation that this one had to wait for and that finished last, or -1 where none is known. */
  readonly producerOf: (op: number) => number;
}

/** Records of events, or waits of streams for events. Times in ns since the session began. */
export interface EventCalls {
  readonly n: number;
  /** When the recording or waiting call began on the host. */
  readonly time: Float64Array;
  /** Index into GpuOps.processes, -1 for a process that launched nothing. */
  readonly process: Int32Array;
  /** The stream on which the event was recorded, or which was made to wait. */
  readonly stream: Int32Array;
  /** Tells one record of an event from the next inside a process: handles are reused, these are not. */
  readonly eventSyncId: Int32Array;
}

/** The waits of one stream, in order of time, each with the latest-finishing producer of all waits so far. */
interface Waits {
  readonly time: number[];
  readonly producer: number[];
}

/**
 * Resolves what operations waited for: the operation before on the same stream, and, through the events their stream was made to
 * wait for, the last operation launched on the recording stream before the record. An event also stands for what its own stream
 * had been made to wait for, so a chain of events is followed to its end.
 */
export function resolveDependencies(ops: GpuOps, host: Pick<HostCalls, 'api'>, records: EventCalls, waits: EventCalls): Dependencies {
  const { api } = host;
  const streams = streamOrder(ops);
  /** When each operation was launched. Where no launch is known its own start stands in: the latest that the launch can have been. */
  const launched = new Float64Array(ops.n);
  for (let op = 0; op < ops.n; op++) {
    const call = api.find(valueAt(ops.processes, intAt(ops.process, op)), intAt(ops.correlation, op));
    launched[op] = (call < 0 ? ops.start[op] : api.start[call]) ?? 0;
  }
  const launchTime = (op: number) => realAt(launched, op);
  const later = (a: number, b: number) => (a < 0 || (b >= 0 && realAt(ops.end, b) > realAt(ops.end, a)) ? b : a);

  const waitsOf = new Map<number, Waits>();
  const waited = (key: number, time: number) => {
    const known = waitsOf.get(key);
    return known === undefined ? -1 : (known.producer[upperBound(known.time, time) - 1] ?? -1);
  };
  /** Producer behind each record, by process and event; the ids are as wide as those of streams. */
  const recorded = new Map<number, number>();

  mergeAscending([records.time, waits.time], (list, i) => {
    const from = list === 0 ? records : waits;
    const time = realAt(from.time, i);
    const process = intAt(from.process, i);
    const stream = streams.find(process, intAt(from.stream, i));
    if (process < 0 || stream === AMBIGUOUS) return;
    const key = streamKey(process, intAt(from.stream, i));
    const event = streamKey(process, intAt(from.eventSyncId, i));
    if (list === 0) {
      recorded.set(
        event,
        later(
          streams.lastWhere(stream, op => launchTime(op) < time),
          waited(key, time),
        ),
      );
      return;
    }
    const known = waitsOf.get(key) ?? { time: [], producer: [] };
    waitsOf.set(key, known);
    known.producer.push(later(known.producer.at(-1) ?? -1, recorded.get(event) ?? -1));
    known.time.push(time);
  });

  return {
    producerOf: op => later(streams.before(op), waited(streamKey(intAt(ops.process, op), intAt(ops.stream, op)), launchTime(op))),
  };
}

/** What stands in event_sync_id where there was no event: 0, or 4294967295 and NULL, which both read as -1. */
const isEvent = (eventSyncId: number) => eventSyncId !== 0 && eventSyncId !== -1;

/** Reads who waited for which event. Undefined when the trace cannot tell: no events, or handles alone, which are reused. */
export function readDependencies(source: TraceSource, ops: GpuOps, host: Pick<HostCalls, 'api'>): Dependencies | undefined {
  if (source.missing('event_record') !== undefined || source.missing('sync') !== undefined) return undefined;
  // The device of a sync row is 0 whatever the stream, in every export seen: process and stream must do.
  const columns = ['stream_id', 'correlation_id', 'global_pid', 'event_sync_id'] as const;
  const record = source.scan('event_record', columns);
  const sync = source.scan('sync', [...columns, 'sync_type']);

  const select = (rows: typeof record, keep: (i: number) => boolean): EventCalls => {
    // Without the call that made it a record or a wait has no place in the order of launches.
    const call = new Int32Array(rows.n).fill(-1);
    const known: number[] = [];
    for (let i = 0; i < rows.n; i++) {
      if (!isEvent(intAt(rows.event_sync_id, i)) || !keep(i)) continue;
      call[i] = host.api.find(realAt(rows.global_pid, i), intAt(rows.correlation_id, i));
      if ((call[i] ?? -1) >= 0) known.push(i);
    }
    const n = known.length;
    const out = { n, time: new Float64Array(n), process: new Int32Array(n), stream: new Int32Array(n), eventSyncId: new Int32Array(n) };
    for (const [k, i] of known.entries()) {
      out.time[k] = realAt(host.api.start, intAt(call, i));
      out.process[k] = ops.processes.indexOf(realAt(rows.global_pid, i));
      out.stream[k] = intAt(rows.stream_id, i);
      out.eventSyncId[k] = intAt(rows.event_sync_id, i);
    }
    return out;
  };
  const waits = select(sync, i => sync.sync_type[i] === SYNC_KIND.streamWaitsForEvent);
  // Most records are never waited for: frameworks record events for their own bookkeeping.
  const wanted = new Set(waits.eventSyncId);
  const records = select(record, i => wanted.has(intAt(record.event_sync_id, i)));
  return records.n === 0 || waits.n === 0 ? undefined : resolveDependencies(ops, host, records, waits);
}
