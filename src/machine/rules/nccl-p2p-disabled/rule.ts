import { defineRule } from '#machine/define';
import { boardOfAll } from '#machine/gpus';
import { hasNvlink } from '#machine/joined';
import { environmentOf } from '#machine/nccl/environment';
import { badSettings } from '#machine/nccl/settings';

const FORBIDS: ReadonlySet<string> = new Set(['NCCL_P2P_DISABLE', 'NCCL_P2P_LEVEL']);

export default defineRule({
  id: 'nccl-p2p-disabled',
  title: 'The environment forbids NCCL the direct way between GPUs',
  reason:
    'All that ranks tell each other then goes through the memory of the host. Reported for two H200: 65.7 µs of transfer an all-reduce, against 13.7 µs over NVLink.',
  source:
    'NCCL user guide, environment variables; the guide for 8×B200, NVLink mesh verification; a measurement on two H200 whose recording is not in this repository',
  severity: 'high',
  fix: 'unset NCCL_P2P_DISABLE; export NCCL_P2P_LEVEL=NVL. Look where it is inherited from: the image, the shell, the scheduler.',
  needs: 'the environment of the program',
  judges: ['nccl-log'],
  bears_on: ['slow-collective', 'peer-copy-staged', 'handoff-exposed'],
  find({ facts }) {
    const environment = environmentOf(facts);
    if (environment === undefined) return undefined;
    const without = hasNvlink(facts) === false && boardOfAll(facts)?.fabric !== 'switch';
    return badSettings(environment)
      .filter(s => FORBIDS.has(s.name))
      .map(({ name, value }) => ({
        entity: 'environment',
        seen: { variable: `${name}=${value}` },
        ...(without
          ? {
              told: {
                severity: 'medium' as const,
                meaning: 'there is no NVLink here; PCIe between GPUs of one root complex is faster than the host’s memory as well',
              },
            }
          : {}),
      }));
  },
});
