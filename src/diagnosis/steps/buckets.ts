import { CAUSES } from '#schema/causes';

/** What the time of a step is divided into: each cause, losses that no detector attributes to one, and plain work. */
export const BUCKETS = [...CAUSES, 'unattributed', 'work'] as const;
export type Bucket = (typeof BUCKETS)[number];
/** Where plain work stands among the buckets. */
export const WORK = BUCKETS.indexOf('work');
