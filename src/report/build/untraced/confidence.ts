import { CAUSES_BY_FLAG } from '#schema/causes';
import type { RankedCause } from '#schema/report';

/** What the times of requests and of tokens show by themselves. */
const BY_REQUESTS: ReadonlySet<string> = new Set([...CAUSES_BY_FLAG.waiting, 'head-of-line']);

/** Why a cause is as sure as it is where no trace was taken. */
export const untracedConfidence = ({ cause, confidence }: Pick<RankedCause, 'cause' | 'confidence'>): string =>
  BY_REQUESTS.has(cause)
    ? 'The times of requests and of their tokens show it; a trace would show what the engine ran meanwhile.'
    : `Telemetry shows it where requests were delayed, more than chance would have it${confidence === 'low' ? ', but only once or twice' : ''}; a trace would show by which way.`;
