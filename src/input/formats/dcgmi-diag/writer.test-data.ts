import fc from 'fast-check';
import { writing } from '#test/valid-rows';

const STATUS = { Pass: true, Fail: false, Skip: null } as const;
const status = fc.constantFrom(...(Object.keys(STATUS) as (keyof typeof STATUS)[]));
const TESTS = ['software', 'pcie', 'targeted_power'];
const rows = fc
  .array(fc.tuple(...TESTS.map(() => status)), { minLength: 1, maxLength: 3 })
  .map(gpus =>
    gpus.flatMap((all, gpu) => TESTS.map((test, i) => ({ what: 'check', test, from: `GPU ${gpu}`, passed: STATUS[all[i] ?? 'Pass'] }))),
  );

/** DCGM 4. */
export default writing(rows, all => {
  const said = (passed: boolean | null) => Object.entries(STATUS).find(([, value]) => value === passed)?.[0];
  const tests = TESTS.map(name => ({
    name,
    results: all.flatMap(({ test, from, passed }) =>
      test === name ? [{ entity_group: 'GPU', entity_id: Number(from.slice(4)), entity_group_id: 1, status: said(passed) }] : [],
    ),
  }));
  return JSON.stringify({ 'DCGM Diagnostic': { test_categories: [{ category: 'Deployment', tests }] } }, null, 2);
});
