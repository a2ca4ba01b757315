import type { ClockOptions } from '#diagnosis/clock/clock';
import type { Case } from '#schema/case';

/** The clocks of a capture are known: its samplers write UTC, and it noted both clocks of the host. What the user says counts for more. */
export const inCase = (clock: ClockOptions, own: Case | undefined): ClockOptions => ({
  ...clock,
  zoneHours: clock.zoneHours ?? 0,
  pairs: clock.pairs.length > 0 ? clock.pairs : (own?.clocks ?? []),
});
