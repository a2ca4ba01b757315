import { z } from 'zod';
import type { Ns } from '#core/units';
import { CAUSE_OF_FAULT, Cause } from '#schema/causes';

/** What our workloads call their faults, and the cause that a correct analysis names. */
const CAUSE_OF: ReadonlyMap<string, Cause> = new Map(Object.entries(CAUSE_OF_FAULT));

/** Epoch ns as JSON numbers: beyond 2^53 they are exact to 256 ns only, which is enough to score by. */
const Timestamp = z.number().positive();
const Fault = z.looseObject({
  cause: z.string().optional(),
  design_cause: Cause.optional(),
  start_ns: Timestamp,
  end_ns: Timestamp,
  effect_end_ns: z.number().optional(),
});

/** truth.json: what was planted in a capture, and when. */
export const Truth = z.looseObject({
  faults: z.array(Fault),
  /** Real faults that nobody planted, found by hand: naming them is right, missing them is no miss. */
  natural: z.array(Fault).optional(),
  captured_ns: z.tuple([Timestamp, Timestamp]).optional(),
});
export type Truth = z.infer<typeof Truth>;

/** A fault with the cause that a correct analysis names, by the epoch. */
export interface KnownFault {
  readonly cause: Cause;
  readonly start: Ns;
  readonly end: Ns;
  readonly planted: boolean;
}

/** Faults with their causes; a fault whose name nobody knows is an error, not a miss. */
export function knownFaults(truth: Truth): readonly KnownFault[] {
  const read = (planted: boolean) => (f: z.infer<typeof Fault>) => {
    const cause = f.design_cause ?? Cause.safeParse(f.cause).data ?? CAUSE_OF.get(f.cause ?? '');
    if (cause === undefined) throw new Error(`truth.json names the fault ${JSON.stringify(f.cause)}, whose cause is not known`);
    return { cause, start: f.start_ns, end: Math.max(f.end_ns, f.effect_end_ns ?? 0), planted };
  };
  return [...truth.faults.map(read(true)), ...(truth.natural ?? []).map(read(false))];
}
