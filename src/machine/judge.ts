import type { MachineRule, Sighting } from './define.ts';
import type { MachineFacts } from './machine-facts.ts';

/** What a rule found. */
export interface Judgement {
  readonly rule: MachineRule;
  readonly sightings: readonly Sighting[];
}

/** What the rules find in the facts of a machine, those alone that found anything. */
export const judgeMachine = (rules: readonly MachineRule[], facts: MachineFacts): readonly Judgement[] =>
  rules.map(rule => ({ rule, sightings: rule.find(facts) ?? [] })).filter(j => j.sightings.length > 0);

/** The rules that nothing tells of: of them the machine gets no clean bill. */
export const untold = (rules: readonly MachineRule[], facts: MachineFacts): readonly MachineRule[] =>
  rules.filter(rule => rule.find(facts) === undefined);
