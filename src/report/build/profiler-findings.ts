import { count, msOf, seconds } from '#core/format/numbers';
import type { ProfilerHold } from '#diagnosis/requests/profiler-holds';
import { CAUSE_TEXT } from '#schema/causes';
import type { Finding } from '#schema/report';

const WORDS = {
  start: ['as it began to record', 'Leave the first second of the recording out, or begin to record before the load test.'],
  stop: ['as it stopped', 'End the load test before the recording ends, or leave its last requests out.'],
} as const;

/** Where nsys itself froze the server. No fault of the server: of no severity, and its requests are judged by nothing. */
export const profilerFindings = (holds: readonly ProfilerHold[]): Finding[] =>
  holds.map(({ when, start, end, ids }) => ({
    id: `profiler-${when}`,
    severity: 'info',
    title: `${CAUSE_TEXT['profiler-artefact'].title}: nsys froze the server for ${msOf(end - start)} ${WORDS[when][0]}`,
    detail: `From ${seconds(start / 1e6)} to ${seconds(end / 1e6)} no request arrived, ended or got a token. ${count(ids.size, 'request')} ran through it; p99 and the causes leave ${ids.size === 1 ? 'it' : 'them'} out.`,
    advice: WORDS[when][1],
    evidence: [],
  }));
