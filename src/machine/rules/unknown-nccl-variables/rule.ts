import { defineRule } from '#machine/define';
import { environmentOf } from '#machine/nccl/environment';
import { isKnownVariable } from '#machine/nccl/known-variables';

export default defineRule({
  id: 'unknown-nccl-variables',
  title: 'NCCL reads no variable of this name',
  reason: 'A setting that nothing reads changes nothing, and NCCL does not say so: what it was meant to do is not done.',
  source:
    'github.com/NVIDIA/nccl, all releases to 2.30.7: NCCL_NVLINK_C2C_ENABLE and NCCL_NVLINK_TCE_ENABLE of the guide for 8×B200 are in none',
  severity: 'low',
  fix: 'Take it out; look its name up in the NCCL user guide if it was meant to do something.',
  needs: 'the environment of the program',
  judges: ['nccl-log'],
  bears_on: [],
  find({ facts }) {
    const environment = environmentOf(facts);
    if (environment === undefined) return undefined;
    return Object.entries(environment)
      .filter(([name]) => !isKnownVariable(name))
      .map(([name, value]) => ({ entity: 'environment', seen: { variable: `${name}=${value}` } }));
  },
});
