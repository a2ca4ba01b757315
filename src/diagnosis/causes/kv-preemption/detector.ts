import { defineDetector } from '../define.ts';

export default defineDetector({
  cause: 'kv-preemption',
  precedence: 82,
  attributeWork({ start, end }, { samples }) {
    const n = samples.preempted(start, end);
    return n > 0 ? { subject: `${n} running request${n === 1 ? '' : 's'} preempted and computed again`, confidence: 'medium' } : undefined;
  },
});
