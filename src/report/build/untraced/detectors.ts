import type { Detector } from '#diagnosis/causes/define';
import { CAUSE_UNTRACED, type Cause } from '#schema/causes';

type Grounds = Pick<Detector, 'why' | 'needs'> & Readonly<Record<'plainly' | 'action', string>>;

/** Why a cause may be named without a trace, and what that rests on; undefined where only a trace shows it. */
export const untracedGrounds = (cause: Cause): Grounds | undefined => (CAUSE_UNTRACED as Readonly<Partial<Record<Cause, Grounds>>>)[cause];

/** The detectors with what they rest on where no trace was taken; those that only a trace answers keep what they need. */
export const untracedDetectors = (detectors: readonly Detector[]): readonly Detector[] =>
  detectors.map(d => {
    const grounds = untracedGrounds(d.cause);
    return grounds === undefined ? d : { ...d, why: grounds.why, needs: grounds.needs, helps: {} };
  });
