import type { Completeness } from '#trace/completeness/completeness';

/** A trace that lacks nothing, but for what is given. */
export const complete = (facts: Partial<Completeness> = {}): Completeness => ({
  launches: [],
  disorders: [],
  osCalls: undefined,
  lostCalls: undefined,
  untimed: 0,
  damaged: [],
  isChecked: true,
  recorder: { format: 'nsys-sqlite', product: 'NVIDIA Nsight Systems', version: '2025.3.2.0', schema: '3.20.3', isNewer: false },
  earlyEnds: [],
  devices: [],
  shift: 0,
  profiler: [],
  ...facts,
});
