import { ForensicsError } from '#core/errors';
import type { RequestSeries } from '#schema/relation';
import { alignRequests } from './align-requests.ts';
import type { Placement } from './clock.ts';
import { tokenEnds } from './step-ends.ts';

/**
 * Places a load test by matching the times of its tokens to the ends of steps in the trace.
 * @param stepEnds ends of steps on the trace's clock, ns, ascending
 * @throws ForensicsError clock-mismatch where no offset stands out
 */
export function placeByTokens(series: RequestSeries, file: string, stepEnds: Float64Array): Placement {
  const tokens = tokenEnds(series.rows);
  // In place: a copy of hundreds of millions would take gigabytes.
  for (const [i, t] of tokens.entries()) tokens[i] = t * 1e6;
  const found = alignRequests(tokens, stepEnds);
  if (found.kind === 'refused')
    throw new ForensicsError(
      'clock-mismatch',
      `--align auto found no place for ${file} on the trace: ${found.why}`,
      'Say with --requests-offset-ms when its first request arrived, counted from the start of the trace session; or record epoch times.',
    );
  const { score, matched, width, runnerUp, runnerUpOffset } = found;
  const second = runnerUpOffset === undefined ? undefined : { away: runnerUpOffset - found.offset, score: runnerUp };
  return {
    offset: found.offset,
    uncertainty_ms: width / 1e6,
    notes: [{ kind: 'tokens', file, score, matched, width, second }],
  };
}
