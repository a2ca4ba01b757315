import { z } from 'zod';
import { ForensicsError } from '#core/errors';
import type { Ns } from '#core/units';
import { CAUSE_OF_FAULT, CAUSES, Cause } from '#schema/causes';

/** What our workloads call their faults, and the cause that a correct analysis names. */
const CAUSE_OF: ReadonlyMap<string, Cause> = new Map(Object.entries(CAUSE_OF_FAULT));
/** A burst that is prefilled as one step is one long piece of work to all who wait behind it. */
const ALSO_RIGHT: ReadonlyMap<string, Cause> = new Map([['arrival_burst', 'head-of-line']]);
/** What is sent is stamped when it was sent, and works for so long after: prompts are prefilled one after another (ns). */
const WORKS_ON: ReadonlyMap<string, Ns> = new Map([
  ['arrival_burst', 1_200_000_000],
  ['long_prefill', 600_000_000],
]);
/** Numbers of the API process and the client in the captures of other people's engines: no ranks. */
const OUTSIDE_RANK = 8;

/** Epoch ns as JSON numbers: beyond 2^53 they are exact to 256 ns only, which is enough to score by. */
const Timestamp = z.number().positive();
const Fault = z.looseObject({
  cause: z.string().optional(),
  design_cause: Cause.optional(),
  start_ns: Timestamp,
  end_ns: Timestamp,
  effect_end_ns: z.number().optional(),
  rank: z.number().optional(),
});

/** truth.json: what was planted in a capture, and when. */
export const Truth = z.looseObject({
  faults: z.array(Fault),
  /** Ranks of a tensor-parallel engine; the first schedules. */
  tp: z.number().optional(),
  /** Real faults that nobody planted, found by hand: naming them is right, missing them is no miss. */
  natural: z.array(Fault).optional(),
  captured_ns: z.tuple([Timestamp, Timestamp]).optional(),
});
export type Truth = z.infer<typeof Truth>;

/** A fault with the cause that a correct analysis names, by the epoch. */
export interface KnownFault {
  /** Any of these is right. */
  readonly causes: readonly Cause[];
  readonly start: Ns;
  readonly end: Ns;
  readonly planted: boolean;
}

const LATE_RANK: Cause = 'collective-wait';
/** A fault of a rank that only computes: whoever schedules waits for it, and its own cause is the subject. */
const isLateRank = ({ tp = 1 }: Truth, { rank = 0, design_cause }: z.infer<typeof Fault>) =>
  design_cause === undefined && tp > 1 && rank > 0 && rank < OUTSIDE_RANK;

/** Faults with their causes; a fault whose name nobody knows is an error of the input, not a miss. @throws ForensicsError bad-record */
export function knownFaults(truth: Truth, file = 'truth.json'): readonly KnownFault[] {
  const read = (planted: boolean) => (f: z.infer<typeof Fault>) => {
    const cause = f.design_cause ?? Cause.safeParse(f.cause).data ?? CAUSE_OF.get(f.cause ?? '');
    if (cause === undefined)
      throw new ForensicsError(
        'bad-record',
        f.cause === undefined
          ? `${file} has a fault without a cause`
          : `${file} names the fault ${JSON.stringify(f.cause)}, which is not known`,
        `Use a cause (${CAUSES.join(', ')}) or a fault of the workloads (${[...CAUSE_OF.keys()].join(', ')}).`,
      );
    const also = ALSO_RIGHT.get(f.cause ?? '');
    return {
      causes: isLateRank(truth, f) ? [LATE_RANK] : [cause, ...(also === undefined ? [] : [also])],
      start: f.start_ns,
      end: Math.max(f.end_ns + (f.design_cause === undefined ? (WORKS_ON.get(f.cause ?? '') ?? 0) : 0), f.effect_end_ns ?? 0),
      planted,
    };
  };
  return [...truth.faults.map(read(true)), ...(truth.natural ?? []).map(read(false))];
}
