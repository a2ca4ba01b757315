import { DAY_NS } from './nanoseconds.ts';

/**
 * Turns times of one day, in the order of a file, into times that go on rising over midnight. Half a day or more back is taken
 * for the next day; less is a line out of order.
 */
export const overMidnight = (): ((ns: bigint) => bigint) => {
  let last: bigint | undefined;
  let days = 0n;
  return ns => {
    if (last !== undefined && ns + days * DAY_NS < last - DAY_NS / 2n) days += 1n;
    last = ns + days * DAY_NS;
    return last;
  };
};
