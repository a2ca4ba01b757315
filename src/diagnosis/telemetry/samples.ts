import { quantile } from 'd3-array';
import { realAt } from '#core/columns';
import { medianOf } from '#core/math/median';
import { upperBound } from '#core/math/spans';
import type { Ns, Share } from '#core/units';
import type { GpuSampleRow, HostSampleRow } from '#schema/relation';
import { type PreemptionCount, preemptionTimeline } from './preemptions.ts';
import { FEWEST_SAMPLES, growth, peak, ratesOf, standsOut } from './rates.ts';

/** GPU and host telemetry on the trace's clock (from the start of the session), as questions about a stretch of time. */
export interface SampleTimeline {
  readonly hasGpu: boolean;
  readonly hasHost: boolean;
  /** The engine's preempted requests were counted often enough. */
  readonly hasPreemptions: boolean;
  /** Share of speed lost to a lowered SM clock in [from, to), 0 when it was not down, undefined when unknown. */
  readonly clockLoss: (from: Ns, to: Ns) => Share | undefined;
  /** The reason bits seen in [from, to), in words. */
  readonly throttleReason: (from: Ns, to: Ns) => string;
  /** The only reason for a lowered clock in [from, to) was the power cap. */
  readonly isPowerCapped: (from: Ns, to: Ns) => boolean;
  /** Share of the samples in [from, to) with a reason to hold the clock down, and the reasons in words; undefined without samples there. */
  readonly throttled: (from: Ns, to: Ns) => { readonly share: Share; readonly reason: string } | undefined;
  /** A sentence when major faults or swapping stood out in [from, to), else undefined. */
  readonly paging: (from: Ns, to: Ns) => string | undefined;
  /** How many running requests lost their place in the KV cache in [from, to), as far as it was counted so closely. */
  readonly preempted: (from: Ns, to: Ns) => number;
  /** Whether the disks moved far more than they normally did. */
  readonly diskBusy: (from: Ns, to: Ns) => boolean;
}

/** NVML clocks event reasons, by bit (nvml.h, nvmlClocksEventReasons). Idle and application clocks are no throttle. */
const REASONS: readonly (readonly [number, string])[] = [
  [0x4, 'software power cap'],
  [0x8, 'hardware slowdown'],
  [0x10, 'sync boost'],
  [0x20, 'software thermal slowdown'],
  [0x40, 'hardware thermal slowdown'],
  [0x80, 'hardware power brake'],
];
const POWER_CAP = 0x4;
const THROTTLED = REASONS.reduce((mask, [bit]) => mask | bit, 0);
/** The clock moves in steps of 15 MHz; less than this share below the usual clock is such a step. */
const CLOCK_STEP_SHARE: Share = 0.02;
/** Whether a reason is given to hold the clock down. */
export const isHeldDown = (mask: number): boolean => (mask & THROTTLED) !== 0;
/** Reasons in a mask, in words. */
export const reasonsOf = (mask: number): readonly string[] => REASONS.filter(([bit]) => (mask & bit) !== 0).map(([, word]) => word);

/** Fewer faults a second than this cannot hold a thread for long: even a slow disk serves a page in about 10 ms. */
const LEAST_FAULTS_PER_S = 100;
/**
 * Whoever waits for a page is counted in the kernel's pressure (Documentation/accounting/psi.rst: io where it is read from a disk, memory where
 * it was taken away before). Faults beside which less than this share of the time was stalled were served from memory, and held nobody up.
 */
const LEAST_STALLED_SHARE: Share = 0.1;
/** Sectors a second: about 10 MB/s, below which no disk is busy. */
const LEAST_SECTORS_PER_S = 20_000;

/** SM clocks of a GPU while it worked, and the reasons given with them: arrays of their own, since there may be tens of millions. */
function clocksOf(rows: Iterable<GpuSampleRow & { readonly t: Ns }>) {
  const t: Ns[] = [];
  const mhz: number[] = [];
  const reasons: number[] = [];
  for (const row of rows) {
    if (row.sm_clock_mhz === null || (row.utilization_pct ?? 1) <= 0) continue;
    t.push(row.t);
    mhz.push(row.sm_clock_mhz);
    reasons.push(row.event_reasons ?? 0);
  }
  return { t: Float64Array.from(t), mhz: Float64Array.from(mhz), reasons: Float64Array.from(reasons) };
}

type ClockQuestions = Pick<SampleTimeline, 'hasGpu' | 'clockLoss' | 'throttled' | 'isPowerCapped' | 'throttleReason'>;

/** What a GPU's clocks were, and why they were down. */
function clockQuestions(gpu: Iterable<GpuSampleRow & { readonly t: Ns }>): ClockQuestions {
  const clocks = clocksOf(gpu);
  const usual = clocks.t.length < FEWEST_SAMPLES ? undefined : quantile(clocks.mhz, 0.95);
  /** First and end of the samples that cover a stretch of time. */
  const inside = (from: Ns, to: Ns): readonly [number, number] => {
    const i = upperBound(clocks.t, from);
    return [i, Math.max(i + 1, upperBound(clocks.t, to) + 1)];
  };
  const maskIn = (from: Ns, to: Ns) => clocks.reasons.subarray(...inside(from, to)).reduce((mask, reasons) => mask | reasons, 0);
  return {
    hasGpu: clocks.t.length >= FEWEST_SAMPLES,
    clockLoss(from, to) {
      const [first, end] = inside(from, to);
      if (usual === undefined || first >= clocks.t.length) return undefined;
      // Nearly every kernel lies between two samples: it is asked about each, and there may be millions.
      const seen = end === first + 1 ? realAt(clocks.mhz, first) : medianOf(clocks.mhz.subarray(first, end));
      const loss = 1 - seen / usual;
      return loss > CLOCK_STEP_SHARE ? loss : 0;
    },
    throttled(from, to) {
      const reasons = clocks.reasons.subarray(...inside(from, to));
      if (reasons.length === 0) return undefined;
      const held = reasons.filter(isHeldDown);
      const mask = held.reduce((all, m) => all | m, 0);
      return { share: held.length / reasons.length, reason: reasonsOf(mask).join(', ') };
    },
    isPowerCapped: (from, to) => (maskIn(from, to) & THROTTLED) === POWER_CAP,
    throttleReason(from, to) {
      const words = reasonsOf(maskIn(from, to));
      return words.length > 0 ? words.join(', ') : 'no reason bit was set';
    },
  };
}

type HostQuestions = Pick<SampleTimeline, 'hasHost' | 'paging' | 'diskBusy'>;

/** What the host's counters showed. */
function hostQuestions(host: readonly (HostSampleRow & { readonly t: Ns })[]): HostQuestions {
  const t = host.map(h => h.t);
  const rates = (read: (row: HostSampleRow) => number | null) => ratesOf(t, host.map(read));
  const faults = rates(h => h.major_faults);
  const swapIn = rates(h => h.swap_in_pages);
  const pressures = [rates(h => h.psi_io_some_us), rates(h => h.psi_mem_some_us)].flatMap(rate => rate ?? []);
  /** Whether anybody waited for pages or disks in [from, to); true where the kernel does not say. */
  const stalled = (from: Ns, to: Ns) =>
    pressures.length === 0 || pressures.some(p => growth(p, from, to) * 1e3 >= LEAST_STALLED_SHARE * (to - from));
  const read = rates(h => h.disk_read_sectors);
  const written = rates(h => h.disk_write_sectors);
  return {
    hasHost: host.length >= FEWEST_SAMPLES,
    paging(from, to) {
      if (!stalled(from, to)) return undefined;
      if (standsOut(faults, from, to, LEAST_FAULTS_PER_S)) return `${Math.round(peak(faults, from, to))} major page faults a second`;
      if (standsOut(swapIn, from, to, LEAST_FAULTS_PER_S)) return `${Math.round(peak(swapIn, from, to))} pages swapped in a second`;
      return undefined;
    },
    diskBusy: (from, to) => standsOut(read, from, to, LEAST_SECTORS_PER_S) || standsOut(written, from, to, LEAST_SECTORS_PER_S),
  };
}

/**
 * Lays telemetry over the trace.
 * @param gpu rows of the GPU in question, `t` since the session began
 */
export function sampleTimeline(
  gpu: Iterable<GpuSampleRow & { readonly t: Ns }>,
  host: readonly (HostSampleRow & { readonly t: Ns })[],
  preemptions: readonly PreemptionCount[] = [],
): SampleTimeline {
  const counted = preemptionTimeline(preemptions);
  return { ...clockQuestions(gpu), ...hostQuestions(host), hasPreemptions: counted.known, preempted: counted.during };
}
