import { z } from 'zod';
import { exactly, type Moment, since } from './event-times.ts';
import { parsed } from './parsed.ts';

/** The first of January 2100 in microseconds since 1970: no trace is of later, and twice as many nanoseconds fit 63 bits. */
export const LATEST_US = 4_102_444_800_000_000;
/** Operating systems number processes by 31 bits at the most (Linux: 22, PID_MAX_LIMIT). */
const LARGEST_PID = 2 ** 31 - 1;
/** Numbers of processes, devices, and threads, which may be addresses; the profiler's own rows have names in their place. */
const pid = z.union([z.number().int().max(LARGEST_PID), z.string()]);
const tid = z.union([z.number().int(), z.string()]);
const us = z.number().nonnegative().max(LATEST_US);
const Event = z.object({
  ph: z.string(),
  cat: z.string().optional(),
  name: z.string().optional(),
  pid: pid.optional(),
  tid: tid.optional(),
  ts: us.optional(),
  dur: us.optional(),
  args: z.record(z.string(), z.unknown()).optional(),
});

/** What lasted from one moment to another. */
export interface Lasting {
  readonly category: string;
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  readonly begin: Moment;
  /** Length, ns. */
  readonly length: number;
  readonly args: Readonly<Record<string, unknown>>;
}

/** What names a process or thread. */
export interface Naming {
  readonly what: 'process_name' | 'thread_name';
  readonly pid: number;
  readonly tid: number;
  readonly name: string;
}

export type TraceEvent = { readonly kind: 'lasting'; readonly event: Lasting } | { readonly kind: 'naming'; readonly event: Naming };

/** What PyTorch 1.8.1 called its categories; names have been these since 1.11. */
const FORMER: Readonly<Record<string, string>> = {
  Kernel: 'kernel',
  Memcpy: 'gpu_memcpy',
  Memset: 'gpu_memset',
  Runtime: 'cuda_runtime',
  Operator: 'cpu_op',
};
const ZERO: Moment = { us: 0, ns: 0 };

/**
 * Reads one event; nothing for those without a length that name nothing: arrows between events, marks, counters.
 * @param json the event as it stands in the file
 * @throws SyntaxError, z.ZodError for what is no event
 */
export function readEvent(json: string): TraceEvent | undefined {
  const { ph, cat, name = '', pid, tid, ts, dur, args = {} } = parsed(Event, JSON.parse(json));
  if (typeof pid !== 'number') return undefined;
  const thread = typeof tid === 'number' ? tid : 0;
  if (ph === 'M' && (name === 'process_name' || name === 'thread_name')) {
    const given = args['name'];
    return typeof given === 'string' ? { kind: 'naming', event: { what: name, pid, tid: thread, name: given } } : undefined;
  }
  if (ph !== 'X' || ts === undefined) return undefined;
  const category = FORMER[cat ?? ''] ?? cat ?? '';
  const length = dur === undefined ? 0 : since(ZERO, exactly(json, dur));
  return { kind: 'lasting', event: { category, name, pid, tid: thread, begin: exactly(json, ts), length, args } };
}
