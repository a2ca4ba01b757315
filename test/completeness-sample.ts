import type { Completeness } from '#trace/completeness/completeness';

/** A trace that lacks nothing, but for what is given. */
export const complete = (facts: Partial<Completeness> = {}): Completeness => ({
  launches: [],
  disorders: [],
  osCalls: undefined,
  untimed: 0,
  damaged: [],
  isChecked: true,
  earlyEnds: [],
  devices: [],
  shift: 0,
  profiler: [],
  ...facts,
});
