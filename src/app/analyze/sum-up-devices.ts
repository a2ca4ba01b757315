import type { Spans } from '#core/math/spans';
import type { Ns } from '#core/units';
import { summariseDevices } from '#trace/devices/device-summary';
import { readDependencies } from '#trace/events/dependencies';
import { deviceNames } from '#trace/events/trace-facts';
import { graphLaunches } from '#trace/events/unrecorded-graphs';
import type { OpenedTrace } from '#trace/opened-trace';

/** What each device of a trace did in [from, to), and whether all that was launched is in it. @param inFlight when requests were */
export function sumUpDevices({ source, ops, host }: OpenedTrace, [from, to]: readonly [Ns, Ns], inFlight: Spans | undefined) {
  const dependencies = readDependencies(source, ops, host);
  const devices = summariseDevices({ ops, host, dependencies, inFlight, from, to, names: deviceNames(source, ops) });
  return { devices, graphs: graphLaunches(ops, host) };
}
