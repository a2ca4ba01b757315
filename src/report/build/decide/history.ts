import { change, changeRange, count, wallClock } from '#core/format/numbers';
import { FALSE_ALARMS } from '#decide/change-points/step-changes';
import { History, type StepChange } from '#schema/history';
import { metricName, type Run } from '#schema/run';

/** What was found in a history, before it is put into sentences. */
interface HistoryFacts {
  readonly runs: readonly Run[];
  /** Whether runs say when they were. */
  readonly byTime: boolean;
  /** Older runs that were not looked at. */
  readonly leftOut: number;
  readonly metrics: number;
  readonly changes: readonly StepChange[];
}

const DIRECTION: Readonly<Record<StepChange['direction'], string>> = { worse: 'got worse', better: 'got better', changed: 'changed' };

/** A run as a reader knows it: its commit, else its time, else its name. */
const momentText = ({ commit, time_ns, run }: StepChange['at']): string => commit ?? (time_ns === null ? run : wallClock(time_ns));

function changeText(step: StepChange): string {
  const by =
    step.ratio === null
      ? ''
      : ` by ${change(step.ratio - 1)}${step.ratio_ci === null ? '' : ` (95 % interval ${changeRange(step.ratio_ci)})`}`;
  return `${metricName(step)} ${DIRECTION[step.direction]}${by} between ${momentText(step.after)} and ${momentText(step.at)}`;
}

function answerOf({ changes, runs, metrics }: HistoryFacts): string {
  const [latest] = changes;
  if (latest === undefined) return `No step change in ${count(runs.length, 'run')} and ${count(metrics, 'metric')}.`;
  const more = changes.length === 1 ? '' : ` ${changes.length - 1} more.`;
  return `${count(changes.length, 'step change')} in ${count(runs.length, 'run')}; the latest: ${changeText(latest)}.${more}`;
}

/** Puts a history into sentences. */
export const wordHistory = (facts: HistoryFacts): History =>
  History.parse({
    schema: 'forensics.history/1',
    answer: answerOf(facts),
    runs: facts.runs.map(({ name, time_ns, commit }) => ({ run: name, time_ns, commit })),
    metrics: facts.metrics,
    changes: [...facts.changes],
    notes: [
      `A history without any change is said to have one in ${FALSE_ALARMS * 100} % of cases at most, if its runs are independent.`,
      ...(facts.byTime ? [] : ['Not all runs say when they were: they are taken in the order of their names.']),
      ...(facts.leftOut === 0 ? [] : [`${count(facts.leftOut, 'older run')} ${facts.leftOut === 1 ? 'was' : 'were'} not looked at.`]),
    ],
  } satisfies History);
