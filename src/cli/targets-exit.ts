import type { TargetResult } from '#schema/targets';

/** 1 where a target failed, 3 where one was not measured: what nobody looked at is not reached. */
export const targetsExit = (results: readonly TargetResult[]): 0 | 1 | 3 =>
  results.some(target => target.verdict === 'fail') ? 1 : results.some(target => target.verdict === 'not-measured') ? 3 : 0;
