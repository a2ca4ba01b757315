/** The report's own words, each with the one definition that both page and text give. */
export const TERM = {
  incident: 'a stretch of time in which requests were delayed beyond what their work explains',
  expected: 'what a request takes less what its engine steps lost beyond the usual and its waits beyond the usual',
  excess: 'latency beyond the expected time',
  books: 'the excess of the slow requests, shared out over causes; what no evidence earns stays unexplained',
  heldUp: 'wall time for which the engine made no headway',
  lane: 'what one process does on one GPU; the lane that serves requests is the one whose results come back to the host',
  step: 'the work of a lane between one result and the next',
  stall: 'a stretch of engine steps that took longer than they normally do',
} as const satisfies Readonly<Record<string, string>>;

/** A definition as a sentence. */
export const defined = (name: string, term: keyof typeof TERM): string => `${name} is ${TERM[term]}.`;
