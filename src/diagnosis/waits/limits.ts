import type { Ns, Share } from '#core/units';

/** Shorter waits are not looked at: gaps under 20 µs are the cost of a launch (LAUNCH_NS of diagnosis/lanes), so nobody lost time to them. */
export const LEAST_WAIT_NS: Ns = 20_000;

/** Two times of different threads count as one within this: nsys takes them outside of its own hooks, which cost about a microsecond a call. */
export const CLOCK_NOISE_NS: Ns = 5_000;

/**
 * A woken thread runs within this. The deepest idle state of a server's core takes 290 µs to leave (Linux, intel_idle, C6 of Sapphire
 * Rapids); on the H200 hosts of the captures 160 to 210 µs were usual.
 */
export const WAKE_NS: Ns = 500_000;

/**
 * The usual level of error, for two things: a wait that ends at any moment may look as if the partner had ended it, and the ends that the partner
 * explains may be coincidence, at most this often.
 */
export const COINCIDENCE: Share = 0.05;

/** How likely any one false partner may be, over all that were tried. */
export const FALSE_PARTNER: Share = 0.001;

/** Waits that are looked at to learn a partner: a share among 4,000 is known to within 1 %. */
export const MOST_LEARNED = 4_000;

/** Hand-overs in a row that are followed: client, router, API process, tokenizer, engine, rank, its helper thread, and one to spare. */
export const DEEPEST = 8;

/** Who was busy for this part of a wait was busy all that time: the rest is what it takes to begin and to hand over. */
export const ALL_THE_TIME: Share = 0.95;

/** Windows of a thread's life that are looked at to learn how usual it is to be busy as long: a share of 5 % among 200 is known to within 2 %. */
export const WINDOWS = 200;

/** A round of the scheduler: so long may any thread be off its core while it computes, beside whatever others do. */
export const LEAST_SPIN_NS: Ns = 10_000_000;
