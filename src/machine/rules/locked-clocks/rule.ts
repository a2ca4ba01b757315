import { defineRule } from '#machine/define';
import { gpusOf } from '#machine/gpus';

const KINDS = ['graphics_clock', 'mem_clock'] as const;
const SETTING = /^clocks_(?:event|throttle)_reasons\.clocks_(?:event|throttle)_reason_applications_clocks_setting$/;
/** Of NVML's clocks event reasons: a setting of the user holds the clocks. */
const SETTING_BIT = 0x2;

export default defineRule({
  id: 'locked-clocks',
  title: 'Somebody set the clocks of a GPU below what it would choose',
  reason: 'What is measured is the setting, not the board; a lock that was left behind slows all who come after.',
  source: 'man 1 nvidia-smi, --lock-gpu-clocks, --applications-clocks; nvml.h, nvmlClocksEventReasonApplicationsClocksSetting',
  severity: 'medium',
  fix: 'nvidia-smi -rgc; nvidia-smi -rmc; nvidia-smi -rac. Keep a lock only where the test is to compare like with like.',
  needs: 'nvidia-smi -q -x, or samples of clocks_event_reasons.active',
  judges: ['nvidia-smi-xml'],
  bears_on: ['clock-throttle'],
  find({ facts }) {
    const told = gpusOf(facts).filter(g => g.rows.some(r => SETTING.test(r.name) || r.name === 'event_reasons'));
    if (told.length === 0) return undefined;
    return told.flatMap(gpu => {
      const isHeld = gpu.rows.some(
        r => (SETTING.test(r.name) && r.value === true) || (r.name === 'event_reasons' && (Number(r.value) & SETTING_BIT) !== 0),
      );
      const lowered = KINDS.flatMap(kind => {
        const [set, usual] = [gpu.number(`applications_clocks.${kind}`), gpu.number(`default_applications_clocks.${kind}`)];
        return set !== undefined && usual !== undefined && set < usual
          ? [[`${kind} (MHz)`, set] as const, [`default ${kind} (MHz)`, usual] as const]
          : [];
      });
      const seen = { ...(isHeld ? { reason: 'applications_clocks_setting' } : {}), ...Object.fromEntries(lowered) };
      return Object.keys(seen).length > 0 ? [{ entity: gpu.entity, seen }] : [];
    });
  },
});
