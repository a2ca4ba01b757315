import type { Ms, Ns, Share } from '#core/units';

/** How a load test came to its place on the trace's clock. */
export type ClockMethod =
  /** There is none. */
  | 'no-load-test'
  /** Its epoch stamps were taken as they are. */
  | 'epoch'
  /** Its token times were matched to the ends of steps. */
  | 'tokens'
  /** Its local times were taken with a zone. */
  | 'zoneless'
  /** Pairs of stamps of both clocks tie its monotonic times to the epoch. */
  | 'pairs'
  /** The user said when it began. */
  | 'told';

/** What a reader should know of how the files came to lie on the trace's clock. */
export type ClockNote =
  /** Times that count from an unknown moment, placed as the user said. */
  | { readonly kind: 'told'; readonly file: string; readonly offset_ms: Ms }
  /** Monotonic times placed by pairs of stamps, which differ by `drift_ms` at most. */
  | { readonly kind: 'pairs'; readonly file: string; readonly pairs: number; readonly drift_ms: Ms }
  /** Stamps without a zone: `others` is how many other offsets from UTC would make them overlap the trace too. */
  | {
      readonly kind: 'zone';
      readonly file: string;
      readonly hours: number;
      readonly chosen: 'as-given' | 'utc-fits' | 'first-that-fits';
      readonly others: number;
    }
  /** Placed by token times: the share of ends of steps that match, how many, and how far they scatter. */
  | {
      readonly kind: 'tokens';
      readonly file: string;
      readonly score: Share;
      readonly matched: number;
      readonly width: Ns;
      /** The next best offset: how far off, and how well it matches; undefined where none comes near. */
      readonly second: { readonly away: Ns; readonly score: Share } | undefined;
    }
  /** One of several files that could not be placed. */
  | { readonly kind: 'left out'; readonly file: string; readonly why: string }
  /** GPUs of a file that cannot be found among those of the trace. */
  | { readonly kind: 'gpus unmatched'; readonly file: string; readonly missing: number; readonly of: number }
  /** What the importer said of a file. */
  | { readonly kind: 'file'; readonly file: string; readonly text: string }
  /** Power (or utilisation) while kernels run, and while none do; undefined where the GPU was not both for long enough. */
  | { readonly kind: 'power'; readonly power: { readonly busy_w: number; readonly idle_w: number } | undefined }
  /** How long after a result came back requests end, and how much that varies. */
  | { readonly kind: 'ends'; readonly median_ms: Ms; readonly spread_ms: Ms };
