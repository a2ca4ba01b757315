import type { Seconds } from '#core/units';
import { AVERAGED_S } from '#schema/gpu-card';

/** NVML, nvmlDeviceGetPowerUsage: averaged over a second "on Ampere (except GA100) or newer GPUs", instantaneous on those here. */
const INSTANTANEOUS = /\b(?:A100|A800|A30|[VPKM]\d{2,3}|P[46]|T4|TITAN|GTX|Quadro|RTX 20\d\d)\b/i;

/** Over how long a GPU's power.draw is a mean. A GPU whose model is not told may be a new one. */
export const drawWindow = (model: string | null): Seconds => (model !== null && INSTANTANEOUS.test(model) ? 0 : AVERAGED_S);
