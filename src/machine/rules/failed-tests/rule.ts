import { defineRule } from '#machine/define';

export default defineRule({
  id: 'failed-tests',
  title: 'A test of the machine failed',
  reason: 'Wrong results, defects or missing peer access are no matter of speed: what runs there cannot be trusted.',
  source: 'the test’s own verdict: gpu_burn, nccl-tests, dcgmi diag, SuperBench, workloads/phys.py',
  severity: 'high',
  fix: 'Run it again alone. If it fails again take the machine out of service, and see what forensics certify says of the same files.',
  needs: 'results of tests: gpu_burn, nccl-tests, dcgmi diag, SuperBench, physics.json',
  judges: [],
  bears_on: [],
  find({ facts }) {
    const told = facts.filter(f => f.name === 'passed_test' || f.name === 'failed_test');
    if (told.length === 0) return undefined;
    return told.filter(f => f.name === 'failed_test').map(f => ({ entity: f.entity, seen: { test: String(f.value) } }));
  },
});
