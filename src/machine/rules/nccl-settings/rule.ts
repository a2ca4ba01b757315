import { defineRule } from '#machine/define';
import { environmentOf } from '#machine/nccl/environment';
import { badSettings, effectOf } from '#machine/nccl/settings';

/** Judged by a rule of its own. */
const ELSEWHERE: ReadonlySet<string> = new Set(['NCCL_P2P_DISABLE', 'NCCL_P2P_LEVEL']);

export default defineRule({
  id: 'nccl-settings',
  title: 'A setting slows communication down, or takes NCCL’s choice away from it',
  reason:
    'NCCL chooses algorithm, protocol and channels by size and topology; a setting that was right on another machine is seldom right here.',
  source: 'NCCL user guide, environment variables',
  severity: 'low',
  fix: 'Take the setting out unless the host needs it, and measure again.',
  needs: 'the environment of the program',
  judges: ['nccl-log'],
  bears_on: ['slow-collective', 'collective-wait'],
  find({ facts }) {
    const environment = environmentOf(facts);
    if (environment === undefined) return undefined;
    return badSettings(environment)
      .filter(s => !ELSEWHERE.has(s.name))
      .map(({ name, value }) => ({ entity: 'environment', seen: { variable: `${name}=${value}` }, told: { meaning: effectOf(name) } }));
  },
});
