import type { NoTokenSteps } from '#diagnosis/token-steps/token-steps';

/** Why what may lie beside one another does not, where there is no trace. */
export const WITHOUT_A_TRACE = {
  requests: 'no load test was given',
  gpu: 'no GPU samples (clocks, power) were given, or fewer than five while it worked',
  host: 'no host samples (/proc counters) were given',
  doubtful: 'the GPU samples do not fit the load test: power is not higher while requests are in flight (check --zone-hours)',
} as const;

const NO_STEPS: Readonly<Record<NoTokenSteps, string>> = {
  'no-token-times': 'the load test does not say when each token came (inter-token times), so no steps of the engine can be told',
  'too-few': 'tokens came in fewer than forty bunches, too few to say what a step of the engine usually takes',
  'out-of-step':
    'the streams do not get their tokens together, as from one engine: several may have served them, and only a trace tells them apart',
};

/** Why the times of tokens show no steps of the engine. */
export const noStepsText = (why: NoTokenSteps | undefined): string => (why === undefined ? WITHOUT_A_TRACE.requests : NO_STEPS[why]);
