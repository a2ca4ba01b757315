import type { Diagnosis } from '#diagnosis/diagnose';
import type { RequestRow } from '#schema/relation';
import type { Report } from '#schema/report';

const EXPECTED_BY_WORK =
  "robust regression (least absolute deviations, then Tukey's bisquare) of time in service on the request's own work, after taking out the incidents; plus the usual wait";
const EXPECTED_BY_STEPS =
  'the time that the request took, less what its engine steps took beyond their usual time, and less what it waited for admission beyond the usual';
const BY_TOKENS = '; steps are the bunches in which all running requests got their tokens';

/** How many requests there were, and by what they were judged. @param isUntraced the steps are those that clients saw */
export const requestSummary = (sent: readonly RequestRow[], finished: number, d: Diagnosis, isUntraced: boolean): Report['requests'] => ({
  total: sent.length,
  finished,
  failed: sent.filter(r => r.status === 'failed').length,
  judged: d.delays.length,
  slow: d.delays.filter(b => b.slow).length,
  slow_threshold_ms: d.selection?.limitMs ?? 0,
  expected: {
    method: d.selection?.byWork !== undefined ? EXPECTED_BY_WORK : `${EXPECTED_BY_STEPS}${isUntraced ? BY_TOKENS : ''}`,
    coefficients: (d.selection?.byWork?.fit.terms ?? []).map(t => ({ ...t })),
    noise_ms: d.selection?.byWork?.fit.sigma ?? null,
  },
});
