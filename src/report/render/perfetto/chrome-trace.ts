import { z } from 'zod';

// The JSON of Chrome's tracing, which ui.perfetto.dev, chrome://tracing and trace_processor open: "Trace Event Format",
// docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU. Times are microseconds.

const us = z.number().finite();
const id = z.number().int();
const args = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));

/** A stretch of time on a track ("complete event"). */
const Slice = z.strictObject({
  ph: z.literal('X'),
  pid: id,
  tid: id,
  ts: us,
  dur: us.nonnegative(),
  name: z.string(),
  cat: z.string(),
  args,
});
/** A value from this moment on. */
const Counter = z.strictObject({
  ph: z.literal('C'),
  pid: id,
  ts: us,
  name: z.string(),
  args: z.strictObject({ value: z.number().finite() }),
});
/** What a process or a thread is called, and where it stands among others. */
const Metadata = z.discriminatedUnion('name', [
  z.strictObject({ ph: z.literal('M'), pid: id, tid: id, name: z.literal('process_name'), args: z.strictObject({ name: z.string() }) }),
  z.strictObject({ ph: z.literal('M'), pid: id, tid: id, name: z.literal('thread_name'), args: z.strictObject({ name: z.string() }) }),
  z.strictObject({ ph: z.literal('M'), pid: id, tid: id, name: z.literal('process_sort_index'), args: z.strictObject({ sort_index: id }) }),
  z.strictObject({ ph: z.literal('M'), pid: id, tid: id, name: z.literal('thread_sort_index'), args: z.strictObject({ sort_index: id }) }),
]);

export const TraceEvent = z.union([Slice, Counter, Metadata]);
export type TraceEvent = z.infer<typeof TraceEvent>;

/** The whole file. */
export const ChromeTrace = z.strictObject({
  displayTimeUnit: z.literal('ns'),
  otherData: z.record(z.string(), z.string()),
  traceEvents: z.array(TraceEvent),
});
