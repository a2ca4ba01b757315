import type { Load } from '#schema/load';

/** Exit codes of `forensics load` beyond those that every command has (0, 2); as `capture` has them. */
const NOT_AS_ASKED = 3;
const NOTHING_SUCCEEDED = 4;
/** What a shell reports for a program that a signal ended. */
const BY_SIGNAL: Readonly<Record<string, number>> = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 };

/** By a signal as a shell would say it; 4 when no request succeeded; 3 when the schedule was not kept; else 0. */
export function loadExitCode({ ended_by, stages }: Pick<Load, 'ended_by' | 'stages'>): number {
  const signal = BY_SIGNAL[ended_by];
  if (signal !== undefined) return signal;
  if (stages.every(s => s.requests.ok === 0)) return NOTHING_SUCCEEDED;
  return stages.every(s => s.schedule?.kept !== false && s.littles_law?.holds !== false) ? 0 : NOT_AS_ASKED;
}
