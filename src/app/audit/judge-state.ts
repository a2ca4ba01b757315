import { loggedXids } from '#app/inputs/logged-xids';
import { activityOf } from '#machine/activity-of';
import { judgeMachine, untold } from '#machine/judge';
import type { MachineFacts } from '#machine/machine-facts';
import { rules } from '#machine/rules/index.gen';
import { machineFindings } from '#report/build/machine/findings';
import type { AnySeries } from '#schema/relation';
import type { Finding } from '#schema/report';

/** What the rules on machines say of one file. */
export interface JudgedState {
  /** The gravest first. */
  readonly findings: readonly Finding[];
  /** Rules that were told enough, by their ids. */
  readonly judged: readonly string[];
  /** How many rules nothing in the file tells of. */
  readonly notJudged: number;
}

/**
 * Judges the state of a machine that a file tells; undefined for files of anything else. Each file alone: two may be of different machines, and the files of one
 * are judged together by `doctor --machine --from`.
 */
export function judgeState(series: AnySeries): JudgedState | undefined {
  const xids = loggedXids([series]);
  const facts = series.kind === 'facts' ? series.rows : [];
  if (facts.length === 0 && xids.length === 0) return undefined;
  const told: MachineFacts = { xids, links: [], facts, activity: activityOf(facts) };
  const silent = untold(rules, told);
  return {
    findings: machineFindings(judgeMachine(rules, told)),
    judged: rules.filter(rule => !silent.includes(rule)).map(rule => rule.id),
    notJudged: silent.length,
  };
}
