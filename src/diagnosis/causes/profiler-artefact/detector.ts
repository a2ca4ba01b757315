import { defineDetector } from '../define.ts';

export default defineDetector({
  cause: 'profiler-artefact',
  why: 'The lane was starved while the profiler held the launching thread: its start-up, its flush, its own buffers.',
  needs: ['kernel', 'api_call'],
  precedence: 10,
  attributeLoss: loss => (loss.kind === 'starved' && loss.activity === 'profiler' ? { subject: loss.call, confidence: 'high' } : undefined),
});
