/** nsys packs machine, process and thread into one number, the process into bits 24 to 47. As a double: its low bits are zero, so it is exact. */
const THREAD_BITS = 2 ** 24;
const PID_VALUES = 2 ** 24;

/** The process id inside what nsys packs as a global id; of a machine with a high number the whole is negative. */
export const pidOf = (globalPid: number): number => ((Math.floor(globalPid / THREAD_BITS) % PID_VALUES) + PID_VALUES) % PID_VALUES;

/** The lowest bits of an id of a process: it is packed like one of a thread, with none. */
export const ZERO_BITS_OF_PROCESS = 24;
/** Where the parts of such a number lie. */
export const PACKED_PARTS = { process: { above: 24 }, number: { from: 24, count: 24 }, thread: { from: 0, count: 24 } } as const;
