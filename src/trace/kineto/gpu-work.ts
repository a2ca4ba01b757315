import { z } from 'zod';
import type { ExportRows } from '#trace/nsys/export-tables';
import type { Lasting } from './event.ts';
import { shortKernelName } from './kernel-name.ts';
import { parsed } from './parsed.ts';

const count = z.number().int().nonnegative();
const extent = z.tuple([count, count, count]);
/** CUPTI's number for none. */
const NONE = 2 ** 32 - 1;

const Work = z.object({
  device: count,
  context: count.optional(),
  stream: z.number().int(),
  correlation: count,
  'graph node id': count.optional(),
});
const Kernel = Work.extend({ grid: extent, block: extent });
const Copy = Work.extend({ bytes: count, fromDevice: count.optional(), toDevice: count.optional() });
const Fill = Work.extend({ bytes: count });
const Sync = Work.extend({
  wait_on_stream: z.number().int().optional(),
  wait_on_cuda_event_record_corr_id: z.number().int().optional(),
  wait_on_cuda_event_id: count.optional(),
});

/** Kinds of copies and memory as CUPTI numbers them, by the names that Kineto gives them (libkineto/src/cupti_strings.cpp). */
const COPIES: Readonly<Record<string, number>> = {
  ...{ HtoD: 1, DtoH: 2, HtoA: 3, AtoH: 4, AtoA: 5, AtoD: 6, DtoA: 7, DtoD: 8, HtoH: 9, PtoP: 10 },
};
const MEMORY: Readonly<Record<string, number>> = {
  ...{ Pageable: 0, Pinned: 1, Device: 2, Array: 3, Managed: 4, 'Device Static': 5, 'Managed Static': 6, Unknown: 7 },
};
const UNKNOWN_COPY = 0;
const COPY_NAME = /^Memcpy (\S+) \((.+) -> (.+)\)$/;
const FILL_NAME = /^Memset \((.+)\)$/;
/** Kinds of synchronisation, likewise. */
const SYNCS: Readonly<Record<string, number>> = { 'Event Sync': 1, 'Stream Wait Event': 2, 'Stream Sync': 3, 'Context Sync': 4 };

/** When it was, on the clock that the trace's rows have. */
type Times = Pick<ExportRows['kernel'], 'start' | 'end'>;

const placed = (w: z.infer<typeof Work>, times: Times) => ({
  ...times,
  device: w.device,
  context: w.context,
  stream: w.stream === NONE ? -1 : w.stream,
  correlation: w.correlation,
  graphNode: w['graph node id'],
});

/** @throws z.ZodError for a kernel without its device, stream, correlation or shape */
export const kernelOf = ({ name, args }: Lasting, times: Times): ExportRows['kernel'] => {
  const k = parsed(Kernel, args);
  return { ...placed(k, times), name: shortKernelName(name), fullName: name, grid: k.grid, block: k.block };
};

/** @throws z.ZodError for a copy without its device, stream, correlation or size */
export function copyOf({ name, args }: Lasting, times: Times): ExportRows['copy'] {
  const c = parsed(Copy, args);
  const [, kind = '', from = '', to = ''] = COPY_NAME.exec(name) ?? [];
  return {
    ...placed(c, times),
    bytes: c.bytes,
    kind: COPIES[kind] ?? UNKNOWN_COPY,
    from: MEMORY[from],
    to: MEMORY[to],
    fromDevice: c.fromDevice,
    toDevice: c.toDevice,
  };
}

/** @throws z.ZodError for a fill without its device, stream, correlation or size */
export function fillOf({ name, args }: Lasting, times: Times): ExportRows['fill'] {
  const f = parsed(Fill, args);
  return { ...placed(f, times), bytes: f.bytes, memory: MEMORY[FILL_NAME.exec(name)?.[1] ?? ''] };
}

/**
 * A synchronisation, and the event record that it waited for, which has no row of its own: by the call that made it (its correlation id).
 * @throws z.ZodError for one without its device, stream or correlation
 */
export function syncOf(
  { name, args }: Lasting,
  times: Times,
): { sync: ExportRows['sync']; record: ExportRows['eventRecord'] | undefined } | undefined {
  const type = SYNCS[name];
  if (type === undefined) return undefined;
  const s = parsed(Sync, args);
  const made = s.wait_on_cuda_event_record_corr_id;
  const record = made !== undefined && made > 0 ? made : undefined;
  const event = s.wait_on_cuda_event_id;
  const sync = { ...placed(s, times), type, event, record };
  if (record === undefined || event === undefined || s.wait_on_stream === undefined) return { sync, record: undefined };
  const { device, context } = sync;
  return { sync, record: { device, context, stream: s.wait_on_stream, correlation: record, event, record } };
}
