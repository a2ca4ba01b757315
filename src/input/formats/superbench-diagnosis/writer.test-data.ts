import fc from 'fast-check';
import { jsonl, writing } from '#test/valid-rows';
import { word } from '#test/valid-values';

const reason = word.map(metric => `kernel-launch/${metric}(Rule:lambda x:x>limit)`);
const rows = fc
  .array(reason, { minLength: 1, maxLength: 5 })
  .map(all => all.map((detail, i) => ({ what: 'check', test: 'KernelLaunch', from: `node-0${i}`, passed: false, detail })));

export default writing(rows, all =>
  jsonl(
    all.map(({ test, from, detail }) => ({
      Category: test,
      'Defective Details': detail,
      'kernel-launch/event_overhead': 15.7,
      index: from,
    })),
  ),
);
