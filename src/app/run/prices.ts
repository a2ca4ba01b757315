import type { Prices } from '#energy/prices';
import type { Plan } from '#schema/plan';

/** What a plan says that power and GPUs cost. */
export const pricesOf = ({ cost }: Plan): Prices => ({ gpuHourUsd: cost.gpu_hour_usd, kwhUsd: cost.kwh_usd, pue: cost.pue });
