/** The report's own words, each with the one definition that both page and text give. */
export const TERM = {
  incident: 'a stretch of time in which requests, or training steps, took longer than their work explains',
  expected:
    'the latency that a request would have had if its engine steps had taken their usual time and it had waited no longer than usual',
  delay: 'how much longer a request, or an engine step, took than its work explains',
  timeLost: 'the delay of all slow requests, added up; without a load test, the time that the GPU or its steps were delayed',
  step: 'the work of the engine between one result and the next',
  stall: 'a stretch of engine steps that took longer than they normally do',
  starved: 'nothing was queued on the GPU: the next launch came after it had run out of work',
  exposed: 'communication or copying that no computation hides',
  handOff: 'activations or gradients on their way from one pipeline stage to the next',
  bubble: 'the part of an iteration in which a device of the pipeline computes nothing',
  headOfLine: 'one long operation that everything behind it in the queue waits for',
} as const satisfies Readonly<Record<string, string>>;

export type Term = keyof typeof TERM;

/** A definition as a sentence. */
export const defined = (name: string, term: Term): string => `${name} is ${TERM[term]}.`;

/** Above the split of the time lost by cause. */
export const WHERE_TIME_WENT = `${defined('Delay', 'delay')} ${defined('The expected time', 'expected')} The delay of all slow requests is split by cause here; what no evidence explains stays unexplained.`;

/** Words that mean in a report what they mean nowhere else, or that only few readers know: each is defined on the page that uses it. */
export const PRIVATE_WORDS: Readonly<Record<Term, { readonly word: RegExp; readonly title: string }>> = {
  incident: { word: /\bincidents?\b/i, title: 'Incident' },
  expected: { word: /\bexpected time\b/i, title: 'Expected time' },
  delay: { word: /\bdelays?\b/i, title: 'Delay' },
  timeLost: { word: /\btime lost\b/i, title: 'Time lost' },
  step: { word: /\bengine steps?\b/i, title: 'Engine step' },
  stall: { word: /\bstall(s|ed)?\b/i, title: 'Stall' },
  starved: { word: /\bstarved\b/i, title: 'Starved' },
  exposed: { word: /\bexposed\b/i, title: 'Exposed' },
  handOff: { word: /\bhand-offs?\b/i, title: 'Hand-off' },
  bubble: { word: /\bbubbles?\b/i, title: 'Bubble' },
  headOfLine: { word: /\bhead-of-line\b/i, title: 'Head-of-line blocking' },
};

/** Words of which nobody but we knows what they mean: no text for users holds them. */
export const NEVER_SAID: readonly RegExp[] = [
  /\bhold-ups?\b/i,
  /\bbeats?\b/i,
  /\bpieces?\b/i,
  /\bbooks?\b/i,
  /\bexcess\b/i,
  /\bheld up\b/i,
  // In the plural it is a word of the field: lanes of PCIe.
  /\blane\b/i,
  /\bheadway\b/i,
  /\bno loss was claimed\b/i,
  /\bstood out for it\b/i,
  /\bevidence earns\b/i,
];

/** The private words of a text, in the order of the list. */
export const termsIn = (text: string): readonly Term[] =>
  (Object.keys(PRIVATE_WORDS) as Term[]).filter(term => PRIVATE_WORDS[term].word.test(text));
