import type { Cause } from '#schema/causes';
import type { MachineFacts } from './machine-facts.ts';

export type Severity = 'high' | 'medium' | 'low' | 'info';

/** One thing that a rule saw: of what part of the machine, and the figures that show it. */
export interface Sighting {
  /** "GPU 0", "GPU 0 link 3", "PCI 0000:9b:00". */
  readonly entity: string;
  /** What was seen, each with its name; in the words of whoever told it. */
  readonly seen: Readonly<Record<string, string | number>>;
  /** Where it weighs more, or less, than the rule says as a rule, and what it means and asks for then. */
  readonly told?:
    | { readonly severity?: Severity | undefined; readonly meaning?: string | undefined; readonly fix?: string | undefined }
    | undefined;
}

/** One rule on the state of a machine: a folder in `rules/`. Pure. */
export interface MachineRule {
  /** Same as the folder's name; a noun in the failing state. */
  readonly id: string;
  /** What is wrong, in a line. */
  readonly title: string;
  /** Why it matters. */
  readonly reason: string;
  /** Where that is written. */
  readonly source: string;
  readonly severity: Severity;
  /** What to do. */
  readonly fix: string;
  /** What has to be told of a machine for the rule to judge it: a phrase, as after "needs". */
  readonly needs: string;
  /** Formats of files that it judges. */
  readonly judges: readonly string[];
  /** Causes of slow requests that it may lie behind: the report links it from there. */
  readonly bears_on: readonly Cause[];
  /** Facts in, sightings out: none where all is as it should be, undefined where nothing tells. */
  readonly find: (facts: MachineFacts) => readonly Sighting[] | undefined;
}

export const defineRule = (rule: MachineRule): MachineRule => rule;
