// What a number counts, for names that do not say it themselves (`start_ns` does). An alias: the reader is helped, arithmetic is not hindered.

/** Nanoseconds: a length, or a moment since the session of the trace began. */
export type Ns = number;
/** Milliseconds: a length, or a moment since the origin of a series. */
export type Ms = number;
/** Seconds. */
export type Seconds = number;
/** Bytes. */
export type Bytes = number;
/** A part of a whole, 0 to 1. */
export type Share = number;
/** Events in a second. */
export type PerSecond = number;
