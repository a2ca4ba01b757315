import { REDACTED } from '#core/secrets/scan';

export type SecretKind = 'home' | 'user' | 'host' | 'device' | 'folder' | 'argument' | 'environment';

/**
 * Kinds of text, by what may be taken out of them. `name`: names of functions and kernels, which the analysis classifies and
 * groups by. `label`: names that people gave to threads, processes and ranges. `text`: all else.
 */
export type Where = 'name' | 'label' | 'text';

/** How far a secret is followed: into every text, into all but names of functions, or neither into those nor into labels. */
export type Reach = 'anywhere' | 'labels' | 'texts';

/** What must surround an occurrence: nothing in particular, no letter or digit after it, or none on either side. */
export type Edges = 'none' | 'after' | 'word';

/** A text to hide, and what to write in its place. */
export interface Secret {
  readonly kind: SecretKind;
  readonly text: string;
  readonly placeholder: string;
  readonly reach: Reach;
  readonly edges: Edges;
}

/** All that is to be hidden. */
export interface Secrets {
  readonly list: readonly Secret[];
  /** Prefixes of variables that are kept besides those of the allow-list. */
  readonly keep: readonly string[];
}

export { REDACTED };

/** What may stand in place of anything that has no name of its own, numbers apart. */
export const GENERIC_PLACEHOLDERS = [
  REDACTED,
  '<home>',
  '<user>',
  '<host>',
  '<folder>',
  '<argument>',
  '<value>',
  '<address>',
  '<serial>',
  '<login>',
  '<process>',
  '<thread>',
  '<text of 0 characters>',
] as const;

/** The secrets that are followed into a kind of text. */
export const secretsIn = (secrets: Secrets, where: Where): readonly Secret[] =>
  secrets.list.filter(s => s.reach === 'anywhere' || where === 'text' || (where === 'label' && s.reach === 'labels'));

const WORD = 'A-Za-z0-9_';
const escaped = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&');

/** A pattern, as text, that finds the secret where it counts. */
export const patternOf = ({ text, edges }: Secret): string =>
  `${edges === 'word' ? `(?<![${WORD}])` : ''}${escaped(text)}${edges === 'none' ? '' : `(?![${WORD}])`}`;
