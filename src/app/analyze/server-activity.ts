import { measure, within } from '#core/math/spans';
import type { Sampled } from '#machine/sampled';
import type { ServerActivity } from '#machine/server-activity';
import { gpuNumber } from '#trace/events/gpu-label';
import type { MachineMeanwhile } from './machine-meanwhile.ts';

/** Requests come and go at the ends of a test: from here on GPUs had work for all that counts of it. */
const UNDER_LOAD = 0.9;

/**
 * What the GPUs of a server did in the window, those alone that it used; undefined without requests: stages of a pipeline and trainings are uneven by
 * design. Without a trace nobody knows which GPUs the server used, so none is called idle beside others.
 */
export function activityIn(
  { aligned, window: [from, to], demand, devices }: MachineMeanwhile,
  all: Sampled['activity'],
): ServerActivity | undefined {
  if (!aligned.hasRequests) return undefined;
  const used = new Set(devices.map(gpuNumber));
  const gpus = all.filter(g => used.size === 0 || used.has(g.gpu));
  const busy = demand === undefined || to <= from ? 0 : measure(within(demand, from, to)) / (to - from);
  if (gpus.length === 0) return undefined;
  return { gpus, isUnderLoad: used.size > 0 && busy >= UNDER_LOAD, tokensPerS: undefined, expected: undefined };
}
