import type { Ns, Share } from '#core/units';
import type { BadSetting } from '#machine/nccl/settings';
import type { Collectives } from '#schema/collectives';

/** NCCL kernels, and of how many of them the communicator and the message are known. */
export interface Payloads {
  readonly kernels: number;
  readonly communicators: number;
  readonly messages: number;
}

/** Waits that follow from the order of the work: nobody is called late for them. */
export interface OrderedWaits {
  readonly count: number;
  readonly longest: Ns;
  /** Summed over all ranks that waited. */
  readonly total: Ns;
}

/** Long waits that are jitter all the same: whom they were for, by rank. */
export interface LongJitter {
  readonly longest: Ns;
  readonly counts: readonly number[];
}

/** A rank that is last in most collectives of its group, though by no more than the scatter. */
export interface UsuallyLast {
  readonly rank: string;
  readonly share: Share;
  /** Collectives of the group. */
  readonly ops: number;
  /** By which it is last, median. */
  readonly lateness: Ns;
}

/** A stretch in which a rank came late again and again, each time by no more than the jitter of single collectives. Times from the window's start. */
export interface RepeatedLateness {
  readonly rank: string;
  readonly from: Ns;
  readonly to: Ns;
  readonly count: number;
  readonly late: Ns;
}

/** What the traces do not show about the collectives. */
export interface CollectiveLimits {
  /** The kernel's name does not tell which algorithm and protocol ran. */
  readonly isAlgorithmHidden: boolean;
  /** NCCL kernels that met no partner. */
  readonly unmatched: number;
  /** Reports none of whose collectives matches those of the others. */
  readonly adrift: readonly string[];
  /** How well the clocks of several reports agree; 0 for one report. */
  readonly residual: Ns;
  /** A rank was late whose report holds no calls of the operating system. */
  readonly lacksOsCalls: boolean;
}

/** What the report shows of collectives as it was measured. */
export type CollectiveFigures = Omit<Collectives, 'answer' | 'matched_by' | 'environment' | 'cannot_tell'>;

/** All that was found out about the collectives of several ranks; the report puts it into words. */
export interface CollectiveFacts extends CollectiveFigures {
  readonly payloads: Payloads;
  readonly ordered: OrderedWaits;
  readonly longJitter: LongJitter;
  readonly usuallyLast: readonly UsuallyLast[];
  readonly spells: readonly RepeatedLateness[];
  readonly settings: readonly BadSetting[];
  readonly limits: CollectiveLimits;
}
