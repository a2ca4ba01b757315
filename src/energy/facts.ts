import type { ForensicsError } from '#core/errors';
import type { Energy, EnergyRun } from '#schema/energy';

/** Which stretch of time is accounted for. */
export type WindowKind =
  | { readonly kind: 'asked-for' }
  | { readonly kind: 'all-readings' }
  | { readonly kind: 'trace' }
  /** From the first arrival to the last end of the requests. */
  | { readonly kind: 'requests' }
  /** As a load test's own file tells it; its number in that file, from 1, and how many the file holds. */
  | { readonly kind: 'load-test'; readonly file: string; readonly run: number; readonly of: number };

/** What to know of an account. */
export type EnergyNote = 'window-too-short' | 'gpus-only' | 'power-paid-twice' | 'gpus-unknown' | 'tokens-unknown';

/** An account as it was added up; the report puts it into words. */
export interface EnergyFacts extends Omit<Energy, 'window' | 'notes'> {
  readonly window: Omit<Energy['window'], 'what'> & { readonly kind: WindowKind };
  readonly notes: readonly EnergyNote[];
}

/** One run of several. */
export interface EnergyRunFacts extends Omit<EnergyRun, 'energy' | 'why_none'> {
  /** Why there is no account, where there is none. */
  readonly energy: EnergyFacts | ForensicsError;
}

export interface EnergyRunsFacts {
  readonly runs: readonly EnergyRunFacts[];
  /** Some of them went on at the same time. */
  readonly overlap: boolean;
}
