import type { Case } from '#schema/case';

/** Exit codes of `forensics capture` beyond those that every command has (0, 1, 2). */
const INCOMPLETE = 3;
const WORKLOAD_FAILED = 4;
/** What a shell reports for a program that a signal ended. */
const BY_SIGNAL: Readonly<Record<string, number>> = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 };

/**
 * How a capture ends: by a signal as a shell would say it, else 4 when the workload failed before its window closed, 3 when something
 * that was asked for is missing, else what the analysis says.
 */
export function captureExitCode(status: Case['status'], signal: string | undefined, analysis: 0 | 1): number {
  if (signal !== undefined) return BY_SIGNAL[signal] ?? INCOMPLETE;
  switch (status) {
    case 'workload-failed':
      return WORKLOAD_FAILED;
    case 'incomplete':
    case 'interrupted':
      return INCOMPLETE;
    case 'complete':
      return analysis;
  }
}
