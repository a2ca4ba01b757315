/** nsys packs machine, process and thread into one number, the process into bits 24 to 47. As a double: its low bits are zero, so it is exact. */
const THREAD_BITS = 2 ** 24;
const PID_VALUES = 2 ** 24;

/** The process id inside what nsys packs as a global id; of a machine with a high number the whole is negative. */
export const pidOf = (globalPid: number): number => ((Math.floor(globalPid / THREAD_BITS) % PID_VALUES) + PID_VALUES) % PID_VALUES;
