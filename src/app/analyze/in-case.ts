import type { ClockOptions } from '#diagnosis/clock/clock';
import { recordingOf } from '#record/capture/case-of';
import type { Case } from '#schema/case';
import type { Recording } from '#schema/recording';

/** The clocks of a capture are known: its samplers write UTC, and it noted both clocks of the host. What the user says counts for more. */
export const inCase = (clock: ClockOptions, own: Case | undefined): ClockOptions => ({
  ...clock,
  zoneHours: clock.zoneHours ?? 0,
  pairs: clock.pairs.length > 0 ? clock.pairs : (own?.clocks ?? []),
});

/** How a trace of a capture was recorded; undefined where no capture made it. */
export const recordingIn = (own: Case | undefined, trace: string): Recording | undefined =>
  own === undefined ? undefined : recordingOf(own, trace);
