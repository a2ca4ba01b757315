import type { Spans } from '#core/math/spans';
import type { Ns } from '#core/units';
import { summariseDevices } from '#trace/devices/device-summary';
import { readDependencies } from '#trace/events/dependencies';
import { deviceNames } from '#trace/events/trace-facts';
import type { OpenedTrace } from '#trace/opened-trace';

/**
 * What each device of a trace did in [from, to).
 * @param inFlight when requests were
 * @param isWhole all that was launched is in the trace
 */
export function sumUpDevices(
  { source, ops, host }: OpenedTrace,
  [from, to]: readonly [Ns, Ns],
  inFlight: Spans | undefined,
  isWhole: boolean,
) {
  const dependencies = readDependencies(source, ops, host);
  return summariseDevices({ ops, host, dependencies, inFlight, isWhole, from, to, names: deviceNames(source, ops) });
}
