import { defineDetector } from '../define.ts';

export default defineDetector({
  cause: 'profiler-artefact',
  precedence: 10,
  attributeLoss: loss => (loss.kind === 'starved' && loss.activity === 'profiler' ? { subject: loss.call, confidence: 'high' } : undefined),
});
