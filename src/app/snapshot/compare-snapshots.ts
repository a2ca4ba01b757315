import { driftOf } from '#machine/drift/drift';
import { wordDrift } from '#report/build/snapshot/drift';
import type { Drift } from '#schema/drift';
import type { Snapshot } from '#schema/snapshot';

/** How a machine differs from an earlier snapshot of it, the worst first. */
export const compareSnapshots = (before: Snapshot, now: Snapshot): Drift => wordDrift(driftOf(before, now), before, now);
