// After https://docs.nvidia.com/deploy/xid-errors/analyzing-xid-catalog.html (NVIDIA's catalogue for Ampere and later, of 2026), number by
// number: what triggers each, and the action that it asks for at once (its "resolution bucket"), in our words. Severity follows that action:
// what NVIDIA has ignored is low, what ends a program is medium, what takes a reset or a restart is high.
import type { Severity } from '#machine/define';

/** What an Xid means, and what it asks for. */
interface Meaning {
  readonly severity: Severity;
  readonly meaning: string;
  readonly fix: string;
}

const PROGRAM =
  'Look for the fault in the program first: run it under compute-sanitizer; if other programs show it too, look at the hardware.';
const RESET = 'End what runs on the GPU and reset it; if it comes back have it looked at.';
const LINK = 'Reset the GPUs of the fabric; if it comes back have link, bridge or baseboard looked at.';
const GSP = 'Reset the GPU, or turn the machine off and on; if it comes back after that go through the debug guidelines of NVIDIA.';

/** RESTART_APP, or a program's own fault. */
const ends = (meaning: string, fix = PROGRAM): Meaning => ({ severity: 'medium', meaning, fix });
/** RESET_GPU and more. */
const stops = (meaning: string, fix = RESET): Meaning => ({ severity: 'high', meaning, fix });
/** IGNORE. */
const passes = (meaning: string, fix: string): Meaning => ({ severity: 'low', meaning, fix });
/** The links of Blackwell and later: what to do hangs on the part and the status that the kernel log names beside the number. */
const newLink = (part: string): Meaning =>
  stops(`an NVLink had an error (${part})`, `See the kernel log for whether it was fatal. ${LINK}`);

/** Those that are seen on servers. What is not in it is told by its number. */
export const XIDS: Readonly<Record<number, Meaning>> = {
  8: ends('the GPU stopped processing what a program gave it: it ran too long or hung'),
  13: ends('a program did something that the GPU may not (graphics engine exception)'),
  31: ends('a program reached for memory that it does not have (MMU fault)'),
  32: ends(
    'what the driver sent to the GPU arrived damaged (push buffer)',
    'Start the program again; if it comes back look at the PCIe link.',
  ),
  38: passes('the firmware of the driver had an error', 'Watch it; if it comes back update the driver.'),
  43: ends('a program was ended after a fault of its own, and the GPU is healthy (reset channel verification)'),
  45: passes(
    'what was left of a program that was stopped, or hit an error, was cleared away (preemptive cleanup)',
    'Look for the error before it; where there is none the program was stopped from outside.',
  ),
  46: stops('the GPU stopped processing (timeout)'),
  48: stops(
    'memory was wrong beyond repair (double-bit ECC error)',
    `${RESET} Where nvidia-smi says that the threshold of SRAM is exceeded have it replaced.`,
  ),
  62: stops('the micro-controller of the GPU halted'),
  63: passes('a row of memory is marked to be replaced at the next reset', 'Nothing at once: the next reset of the GPU replaces the row.'),
  64: stops('a row of memory could not be replaced', 'Reset the GPU; if it comes back have it replaced.'),
  69: ends('a program did something that the GPU may not (graphics engine class error)'),
  74: stops('an NVLink had an error, or what is at its other end failed', LINK),
  79: stops(
    'the GPU has fallen off the bus: it no longer answers',
    'Restart the machine; look at power, cooling, the slot and the log of PCIe. If it comes back have the GPU replaced.',
  ),
  92: passes('single-bit errors of memory come often', 'Watch the counts; if they grow have the GPU looked at.'),
  94: ends(
    'memory was wrong, and one program was hit; the others were not (contained error)',
    'Start that program again; reset the GPU when that is convenient.',
  ),
  95: stops('memory was wrong, and every program on the GPU may be hit (uncontained error)'),
  109: stops('the GPU did not change from one program to another in time (context switch timeout)'),
  110: stops(
    'the GPU saw a fault of its security hardware',
    'Undo the last change of hardware and turn the machine off and on; if it comes back have it looked at.',
  ),
  119: stops('the system processor of the GPU (GSP) did not answer in time', GSP),
  120: stops('the system processor of the GPU (GSP) had an error', GSP),
  121: passes(
    'errors of the link between CPU and GPU (C2C) were corrected, and nothing was lost',
    'Nothing at once: a reset of the GPU at the next chance trains the link anew.',
  ),
  136: stops('an NVLink could not be trained', LINK),
  137: ends('a program reached over an NVLink for memory that it does not have'),
  140: stops('memory was wrong, and the driver could not mark it to be replaced (unrecovered ECC error)'),
  143: stops('the GPU could not be started'),
  144: newLink('SAW'),
  145: newLink('RLW'),
  146: newLink('TLW'),
  147: newLink('TREX'),
  148: newLink('NVLPW'),
  149: newLink('NETIR'),
  150: newLink('MSE'),
  154: ends(
    'what it takes to bring the GPU back has changed, because of another Xid',
    'See the kernel log for what it asks for: nothing, a reset, or a restart of the machine.',
  ),
  155: stops('an NVLink was taken down on purpose', 'Reset the GPU; look for what took the link down.'),
  156: stops('a part of the GPU is retired at the next reset', 'Reset the GPU.'),
  157: passes(
    'a part of the GPU could not be retired: none is left to stand in',
    'Programs run on, and may meet it again: have the GPU looked at.',
  ),
  158: stops('the GPU did not answer in time (fatal timeout)'),
  171: stops('memory was wrong beyond repair: in DRAM, as Xid 48 beside it tells'),
  172: stops('memory was wrong beyond repair: in SRAM, as Xid 48 beside it tells'),
};
