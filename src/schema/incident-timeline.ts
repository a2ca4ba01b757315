import { z } from 'zod';

const ms = z.number().describe('milliseconds since the session began');
const count = z.number().int().nonnegative();

/** Bars of one incident's drawing, all tracks together: 300 fill a page, and more than one to three pixels nobody can tell apart. */
export const MOST_BARS = 300;
/** Tracks of one drawing. */
export const MOST_TRACKS = 16;

export const TimelineKind = z.enum(['kernel', 'graph', 'copy', 'fill', 'api', 'os', 'nvtx']);
const Shows = z.enum(['stream', 'nvtx', 'api', 'os']);
/** What a track shows, in the order in which tracks stand. */
export const TRACK_ORDER = Shows.options;

const Bar = z.strictObject({
  kind: TimelineKind,
  name: z.string().nullable().describe('null where operations of several names were merged, or where there is none'),
  operations: z.number().int().positive().describe('more than one where operations too short to draw were merged'),
  start_ms: ms,
  end_ms: ms,
  busy_ms: z.number().nonnegative().describe('milliseconds that the merged operations took together'),
});
export type TimelineBar = z.infer<typeof Bar>;

const Track = z.strictObject({
  shows: Shows,
  process: count.nullable().describe('as the operating system numbers it'),
  device: count.nullable().describe('of a stream: the GPU as CUDA numbers it inside the process'),
  number: count.describe('CUDA stream or host thread'),
  bars: z.array(Bar),
});
export type TimelineTrack = z.infer<typeof Track>;

const Thread = z.strictObject({
  process: count,
  thread: count,
  process_name: z.string().nullable(),
  thread_name: z.string().nullable(),
  launches: count.describe('launches of kernels and graphs in the stretch that is drawn'),
});

/** What streams and threads did in an incident and half its length to each side, at the resolution of single kernels where there is room. */
export const IncidentTimeline = z.strictObject({
  start_ms: ms,
  end_ms: ms,
  launching: z.array(Thread).describe('threads that launched GPU work, the one with most launches first'),
  tracks: z.array(Track).max(MOST_TRACKS),
  tracks_left_out: count,
  by_hand: z
    .array(z.strictObject({ query: z.string(), params: z.record(z.string(), z.union([z.string(), z.number()])) }))
    .describe('queries that give every single operation'),
});
export type IncidentTimeline = z.infer<typeof IncidentTimeline>;
