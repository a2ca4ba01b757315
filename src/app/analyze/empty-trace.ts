import type { Ns } from '#core/units';
import { NO_TRACE } from '#report/build/untraced/no-trace';
import { type Completeness, completenessOf } from '#trace/completeness/completeness';
import { noTrace } from '#trace/no-trace';
import { type OpenedTrace, readTrace } from '#trace/opened-trace';

/** What stands in where no trace was taken: nothing in it, and why. */
export const emptyTrace = (): OpenedTrace => readTrace(noTrace(NO_TRACE));

/** What a trace that was not taken lacks beside that: nothing. */
export function completenessOfNone(trace: OpenedTrace, window: readonly [Ns, Ns]): Completeness {
  const [completeness] = completenessOf([{ ...trace, window, session: undefined }]);
  if (completeness === undefined) throw new Error('nothing was found out about the trace that is not there');
  return completeness;
}
