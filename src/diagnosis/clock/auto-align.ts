import { ForensicsError } from '#core/errors';
import type { Ns, Share } from '#core/units';
import type { RequestSeries } from '#schema/relation';
import { alignRequests } from './align-requests.ts';
import type { Placement } from './clock.ts';
import { tokenEnds } from './step-ends.ts';

const ms = (ns: Ns) => `${(ns / 1e6).toFixed(3)} ms`;
const percent = (share: Share) => `${(100 * share).toFixed(1)} %`;

/**
 * Places a load test by matching the times of its tokens to the ends of steps in the trace.
 * @param beats ends of steps on the trace's clock, ns, ascending
 * @throws ForensicsError clock-mismatch where no offset stands out
 */
export function placeByTokens(series: RequestSeries, file: string, beats: Float64Array): Placement {
  const tokens = tokenEnds(series.rows);
  // In place: a copy of hundreds of millions would take gigabytes.
  for (const [i, t] of tokens.entries()) tokens[i] = t * 1e6;
  const found = alignRequests(tokens, beats);
  if (found.kind === 'refused')
    throw new ForensicsError(
      'clock-mismatch',
      `--align auto found no place for ${file} on the trace: ${found.why}`,
      'Say with --requests-offset-ms when its first request arrived, counted from the start of the trace session; or record epoch times.',
    );
  const second =
    found.runnerUpOffset === undefined
      ? 'no other offset comes near'
      : `the next best offset, ${ms(found.runnerUpOffset - found.offset)} away, matches ${percent(found.runnerUp)}`;
  return {
    offset: found.offset,
    uncertainty_ms: found.width / 1e6,
    notes: [
      `${file} was placed by its own token times: ${percent(found.score)} of the ends of steps (${found.matched}) fall on one another, with a scatter of ${ms(found.width)}; ${second}.`,
      'The time from the end of a step to the stamp of its tokens cannot be told from a difference of the clocks and is part of that offset.',
    ],
  };
}
