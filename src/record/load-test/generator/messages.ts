import type { Outcome } from './outcome.ts';
import type { Plan } from './plan.ts';

/** What a generator is told. */
export type WorkerCommand =
  | { readonly kind: 'run'; readonly plan: Plan }
  /** Send nothing more, and wait so many seconds for what is in flight. */
  | { readonly kind: 'stop'; readonly graceSeconds: number }
  | { readonly kind: 'close' };

/** What a generator tells. */
export type WorkerMessage =
  | { readonly kind: 'ready' }
  | {
      readonly kind: 'progress';
      readonly sent: number;
      readonly inFlight: number;
      /** What ended since the last time. */
      readonly outcomes: readonly Outcome[];
    }
  | {
      readonly kind: 'done';
      /** Requests of the plan that were due by now but never released. */
      readonly unsent: number;
      readonly released: number;
      /** Integral of the number in flight over time, request-nanoseconds. */
      readonly inFlightNs: number;
    };
