/**
 * The smallest growth of a tail that matters: a fifth. p99 of three runs of one server with the same load was 532, 740 and 597 ms (vLLM, PR 7062): a standard
 * deviation of 17 %. A smaller effect is drowned by the next run.
 */
export const SMALLEST_RATIO = 1.2;
export const RATIO_REASON = 'p99 of equal runs of one server spreads by 17 % (vLLM, PR 7062)';

/** Below this a correlation explains less than a tenth of what varies; "medium" begins here (Cohen 1988, Statistical Power Analysis, §3.2). */
export const SMALLEST_CORRELATION = 0.3;
export const CORRELATION_REASON = 'a weaker one explains less than a tenth of what varies (Cohen 1988)';
