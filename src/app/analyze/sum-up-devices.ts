import type { Spans } from '#core/math/spans';
import type { Ns } from '#core/units';
import type { WaitGraph } from '#diagnosis/waits/wait-graph';
import { summariseDevices } from '#trace/devices/device-summary';
import { deviceNames } from '#trace/events/trace-facts';
import type { OpenedTrace } from '#trace/opened-trace';

/**
 * What each device of a trace did in [from, to).
 * @param waits what work was made to wait for
 * @param inFlight when requests were
 * @param isWhole all that was launched is in the trace
 */
export function sumUpDevices(
  { source, ops, host }: OpenedTrace,
  waits: WaitGraph,
  [from, to]: readonly [Ns, Ns],
  inFlight: Spans | undefined,
  isWhole: boolean,
) {
  // A producer that outlasts the end of all work on a GPU runs on another one: with one GPU there is nothing to find.
  const dependencies = ops.devices.length < 2 ? undefined : waits.dependencies;
  return summariseDevices({ ops, host, dependencies, inFlight, isWhole, from, to, names: deviceNames(source, ops) });
}
