import type { Severity } from '#machine/define';

/** What an Xid means, and what it asks for. */
interface Meaning {
  readonly severity: Severity;
  readonly meaning: string;
  readonly fix: string;
}

const PROGRAM =
  'Look for the fault in the program first: run it under compute-sanitizer; if other programs show it too, look at the hardware.';
const RESET = 'End what runs on the GPU and reset it.';
const LINK = 'Reset the GPUs of the fabric; if it comes back have link, bridge or baseboard looked at.';

/** NVIDIA's catalogue (docs.nvidia.com/deploy/xid-errors), those that are seen on servers. What is not in it is told by its number. */
export const XIDS: Readonly<Record<number, Meaning>> = {
  8: { severity: 'medium', meaning: 'the GPU stopped working on what it had: a program ran too long or hung', fix: PROGRAM },
  13: { severity: 'medium', meaning: 'a program did something that the GPU may not (graphics engine exception)', fix: PROGRAM },
  31: { severity: 'medium', meaning: 'a program reached for memory that it does not have (MMU fault)', fix: PROGRAM },
  32: { severity: 'medium', meaning: 'commands for the GPU were invalid or corrupt (push buffer)', fix: PROGRAM },
  38: { severity: 'medium', meaning: 'the driver’s firmware had an error', fix: `${RESET} If it comes back update the driver.` },
  43: { severity: 'medium', meaning: 'a program was ended after a fault of its own (reset channel verification)', fix: PROGRAM },
  45: {
    severity: 'low',
    meaning: 'what was left of a program that had ended was cleared away (preemptive removal)',
    fix: 'Look for the error before it.',
  },
  48: {
    severity: 'high',
    meaning: 'two bits of memory were wrong at once (double-bit ECC error)',
    fix: `${RESET} If it comes back have it replaced.`,
  },
  61: { severity: 'high', meaning: 'the micro-controller of the GPU reached a breakpoint', fix: RESET },
  62: { severity: 'high', meaning: 'the micro-controller of the GPU halted', fix: RESET },
  63: {
    severity: 'medium',
    meaning: 'a row of memory is marked to be replaced at the next reset',
    fix: 'Reset the GPU at the next chance.',
  },
  64: { severity: 'high', meaning: 'a row of memory could not be replaced', fix: 'Reset the GPU; if it comes back have it replaced.' },
  69: { severity: 'medium', meaning: 'a program did something that the GPU may not (class error)', fix: PROGRAM },
  74: { severity: 'high', meaning: 'an NVLink had an error', fix: LINK },
  79: {
    severity: 'high',
    meaning: 'the GPU has fallen off the bus: it no longer answers',
    fix: 'Restart the machine; look at power, cooling and the slot. If it comes back have the GPU replaced.',
  },
  92: {
    severity: 'medium',
    meaning: 'single-bit errors of memory come often',
    fix: 'Watch the counts; if they grow have the GPU replaced.',
  },
  94: {
    severity: 'high',
    meaning: 'memory was wrong, and one program was hit (contained ECC error)',
    fix: 'Restart that program; reset the GPU when it is idle.',
  },
  95: { severity: 'high', meaning: 'memory was wrong, and every program on the GPU may be hit (uncontained ECC error)', fix: RESET },
  109: { severity: 'medium', meaning: 'a program could not be switched away from in time', fix: PROGRAM },
  110: { severity: 'high', meaning: 'the GPU found a security fault', fix: `${RESET} If it comes back have it replaced.` },
  119: {
    severity: 'high',
    meaning: 'the system processor of the GPU (GSP) did not answer in time',
    fix: 'Reset the GPU; if it comes back update the driver.',
  },
  120: {
    severity: 'high',
    meaning: 'the system processor of the GPU (GSP) had an error',
    fix: 'Reset the GPU; if it comes back update the driver.',
  },
  121: { severity: 'medium', meaning: 'the link between CPU and GPU (C2C) had an error', fix: 'Reset the GPU at the next chance.' },
  137: { severity: 'medium', meaning: 'a program reached over NVLink for memory that it may not touch', fix: PROGRAM },
  140: { severity: 'high', meaning: 'memory was wrong and could not be mended (unrecovered ECC error)', fix: RESET },
  143: { severity: 'high', meaning: 'the GPU could not be initialised', fix: `${RESET} If it comes back have it replaced.` },
  ...Object.fromEntries(
    ['SAW', 'RLW', 'TLW', 'TREX', 'NVLPW_CTRL'].map((unit, i) => [
      144 + i,
      { severity: 'high', meaning: `an NVLink had an error (${unit})`, fix: LINK } as const,
    ]),
  ),
  149: { severity: 'high', meaning: 'an NVLink had an error (NETIR)', fix: LINK },
  150: { severity: 'high', meaning: 'an NVLink had an error (MSE)', fix: LINK },
  154: {
    severity: 'high',
    meaning: 'what it takes to bring the GPU back has changed: the driver asks for it',
    fix: 'See the kernel log for what it asks for: a reset, or a restart of the machine.',
  },
  156: {
    severity: 'medium',
    meaning: 'a part of the GPU is marked to be retired at the next reset',
    fix: 'Reset the GPU at the next chance.',
  },
  157: { severity: 'high', meaning: 'a part of the GPU could not be retired', fix: `${RESET} If it comes back have it replaced.` },
};
