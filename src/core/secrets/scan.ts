import type { Decoded } from './decoded.ts';
import type { Grade } from './names.ts';
import type { Reader } from './reader.ts';

/** What is looked for beside tokens that show by their shape, which always are. */
export interface Rules {
  /** Values whose names announce a secret, logins of URLs, headers. */
  readonly announced: boolean;
  /** Homes, hosts, logins, addresses, serials of GPUs. `labels`: only what is no name that people give to ranges. */
  readonly identities: 'none' | 'labels' | 'all';
  /** Serials of anything. */
  readonly serials: boolean;
  /** Folders that do not come with the operating system. */
  readonly folders: boolean;
  /** Fields of JSON that hold what somebody asked, or what was answered. */
  readonly spoken: boolean;
}

/** A name, with where it stands. */
export interface Name {
  readonly from: number;
  readonly end: number;
}

/** Something private in a decoded text. */
export interface Span extends Name {
  readonly instead: string;
}

/** A scan on its way: what was read last, and what was found. */
export interface Scan {
  readonly read: Reader;
  readonly view: Decoded;
  /** The text as it was given. */
  readonly source: string;
  readonly rules: Rules;
  readonly found: Span[];
  /** The word that was read last: a name, if a separator follows. */
  name: Name | undefined;
  /** Where the run of characters of names ends that was read last: a text may be one run of many tokens. */
  runEnd: number;
  /** How surely a field `name` or `key` just said that the `value` beside it is a secret. */
  named: Grade;
  /** It said that the `value` is what somebody asked, or what was answered. */
  speaks: boolean;
}

/** What stands in place of a value that has no name. */
export const REDACTED = '<redacted>';

/** Notes a span. @returns where reading goes on */
export function hide(scan: Scan, from: number, end: number, instead: string): number {
  scan.found.push({ from, end, instead });
  scan.name = undefined;
  return end;
}
