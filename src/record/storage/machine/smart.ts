import { z } from 'zod';
import { run } from '#record/processes/run';

/** `smartctl -j -A` of an NVMe disk (smartmontools; NVMe base specification, SMART / Health Information log). */
const Told = z.object({
  smartctl: z.object({ messages: z.array(z.object({ string: z.string() })).optional() }).optional(),
  nvme_smart_health_information_log: z
    .object({
      host_reads: z.number(),
      data_units_read: z.number(),
      host_writes: z.number(),
      data_units_written: z.number(),
    })
    .optional(),
});

/** What an NVMe controller has counted since it was made. */
export interface SmartCounters {
  readonly device: string;
  readonly host_reads: number;
  readonly data_units_read: number;
  readonly host_writes: number;
  readonly data_units_written: number;
}

/** Read commands of one disk by its own count, or why they are not to be had. */
export async function readSmart(device: string, env: NodeJS.ProcessEnv): Promise<SmartCounters | { readonly why: string }> {
  const { code, stdout, late } = await run('smartctl', ['-j', '-A', `/dev/${device}`], { seconds: 20, env: { ...env, LC_ALL: 'C' } });
  if (late) return { why: `smartctl did not answer in time for ${device}` };
  if (code === undefined) return { why: 'smartctl is not installed (smartmontools): no host read commands' };
  const told = toldBy(stdout);
  const log = told?.nvme_smart_health_information_log;
  if (log !== undefined) return { device, ...log };
  const [message] = told?.smartctl?.messages ?? [];
  return {
    why: `smartctl tells no read commands of ${device}${message === undefined ? ': it is no NVMe disk' : ` (${message.string.slice(0, 160)})`}`,
  };
}

function toldBy(stdout: string): z.infer<typeof Told> | undefined {
  try {
    return Told.safeParse(JSON.parse(stdout)).data;
  } catch {
    return undefined;
  }
}
