import { intAt, itemAt } from '#core/columns';
import { getOrCompute } from '#core/get-or-compute';
import type { GpuOps } from '#trace/events/gpu-ops';
import type { TraceSource } from '#trace/source';

/**
 * GPUs of which the trace does not tell whether they are one or two.
 * - unmapped: several processes say this number, and of one of them the trace does not tell which GPU it means by it
 * - number: the trace gives this number to two GPUs
 * - bus: two numbers have one PCI address, and no UUIDs tell whether that is one GPU
 */
export interface UncertainDevice {
  readonly why: 'unmapped' | 'number' | 'bus';
  /** Labels of ops.devices. */
  readonly devices: readonly string[];
  /** Processes as the trace numbers them (global_pid) that run something there. */
  readonly processes: readonly number[];
}

type Asked = Pick<TraceSource, 'missing' | 'scan' | 'ask' | 'pidOf'>;

/** Finds the devices with work that may be merged, or may be one. */
export function uncertainDevices(source: Asked, ops: GpuOps): readonly UncertainDevice[] {
  const users = new Map<number, Set<number>>();
  for (let i = 0; i < ops.n; i++) getOrCompute(users, intAt(ops.device, i), () => new Set<number>()).add(intAt(ops.process, i));
  const processesOf = (labels: readonly string[]) => [
    ...new Set(labels.flatMap(l => [...(users.get(ops.devices.indexOf(l)) ?? [])].map(p => itemAt(ops.processes, p)))),
  ];
  const about = (why: UncertainDevice['why'], devices: readonly string[]) => ({ why, devices, processes: processesOf(devices) });
  const isMapped = mapped(source);
  const unmapped = hasOneGpu(source)
    ? []
    : [...users].flatMap(([device, some]) => {
        const isShared = some.size > 1 && [...some].some(p => !isMapped(itemAt(ops.processes, p)));
        return isShared ? [about('unmapped', [itemAt(ops.devices, device)])] : [];
      });
  const answer = source.missing('gpu') === undefined ? source.ask('gpu_double') : undefined;
  const doubles = (answer?.ok ? answer.rows : []).flatMap(({ by, gpu_id, other_gpu_id }) => {
    if (by !== 'bus' && by !== 'number') return [];
    const labels = [...new Set([`GPU ${gpu_id}`, `GPU ${other_gpu_id}`])];
    return labels.every(l => ops.devices.includes(l)) ? [about(by, labels)] : [];
  });
  return [...unmapped, ...doubles];
}

/** Whether the trace tells which GPUs a process means by its numbers. */
function mapped(source: Asked): (globalPid: number) => boolean {
  const pids = source.missing('cuda_device') === undefined ? new Set(source.scan('cuda_device', ['pid']).pid) : new Set<number>();
  return globalPid => pids.has(source.pidOf(globalPid));
}

/** Where the trace describes one GPU, all processes mean that one. */
const hasOneGpu = (source: Asked): boolean =>
  source.missing('gpu') === undefined && new Set(source.scan('gpu', ['gpu_id']).gpu_id).size === 1;
