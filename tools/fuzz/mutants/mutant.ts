import type { NamedFiles } from '#app/inputs/load-inputs';
import type { Chance } from '../chance.ts';
import type { Original, Originals } from '../originals.ts';

/** What a mutant is put to: a use case of the library, or a command line. */
export type Ask =
  | { readonly by: 'analysis'; readonly path: string; readonly named: NamedFiles }
  | { readonly by: 'reader'; readonly file: string }
  | { readonly by: 'command'; readonly words: readonly string[] };

/** An input that was spoilt, and who is asked about it. */
export interface Mutant {
  /** What was done to which original. */
  readonly what: string;
  readonly ask: Ask;
}

/** Where mutants are made: an empty folder, and what they are made from. */
export interface Workshop {
  readonly folder: string;
  readonly originals: Originals;
  readonly chance: Chance;
}
export type { Original };
