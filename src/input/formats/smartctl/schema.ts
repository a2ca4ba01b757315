import { z } from 'zod';

const Count = z.number().nonnegative();
const Degrees = z.number();

/** Log 02h of the NVMe specification, under the names of smartctl. */
const NvmeHealth = z
  .object({
    critical_warning: Count,
    temperature: Degrees,
    available_spare: Count,
    available_spare_threshold: Count,
    percentage_used: Count,
    data_units_read: Count,
    data_units_written: Count,
    host_reads: Count,
    host_writes: Count,
    controller_busy_time: Count,
    power_cycles: Count,
    power_on_hours: Count,
    unsafe_shutdowns: Count,
    media_errors: Count,
    num_err_log_entries: Count,
    warning_temp_time: Count,
    critical_comp_time: Count,
  })
  .partial();
export type NvmeHealth = z.infer<typeof NvmeHealth>;

const AtaAttribute = z.object({
  name: z.string(),
  value: Count,
  thresh: Count.optional(),
  when_failed: z.string().optional(),
  raw: z.object({ value: Count }),
});
export type AtaAttribute = z.infer<typeof AtaAttribute>;

/** Log pages 02h, 03h and 05h of SCSI (SPC-6), under the names of smartctl; gigabytes are a text there. */
const ScsiErrors = z.object({
  total_errors_corrected: Count.optional(),
  total_uncorrected_errors: Count.optional(),
  errors_corrected_by_rereads_rewrites: Count.optional(),
  errors_corrected_by_eccfast: Count.optional(),
  errors_corrected_by_eccdelayed: Count.optional(),
  correction_algorithm_invocations: Count.optional(),
});
export type ScsiErrors = z.infer<typeof ScsiErrors>;

export const SmartReport = z.object({
  smartctl: z.object({
    exit_status: z.int().min(0).max(255),
    messages: z.array(z.object({ string: z.string() })).default([]),
  }),
  /** What smartctl --scan found, and nothing of any of them. */
  devices: z.array(z.object({ name: z.string() })).optional(),
  local_time: z.object({ time_t: z.int().min(0).max(8_000_000_000) }).optional(),
  device: z.object({ name: z.string(), protocol: z.string().optional() }).optional(),
  model_name: z.string().optional(),
  firmware_version: z.string().optional(),
  smart_status: z.object({ passed: z.boolean() }).optional(),
  temperature: z.object({ current: Degrees }).optional(),
  power_on_time: z.object({ hours: Count }).optional(),
  power_cycle_count: Count.optional(),
  nvme_smart_health_information_log: NvmeHealth.optional(),
  /** Blocks that the disk replaced since it was made; in new versions pending ones beside them. */
  scsi_grown_defect_list: Count.optional(),
  scsi_pending_defects: z.object({ count: Count.optional() }).optional(),
  scsi_percentage_used_endurance_indicator: Count.optional(),
  scsi_error_counter_log: z.object({ read: ScsiErrors.optional(), write: ScsiErrors.optional(), verify: ScsiErrors.optional() }).optional(),
  ata_smart_attributes: z.object({ table: z.array(AtaAttribute).default([]) }).optional(),
});
export type SmartReport = z.infer<typeof SmartReport>;

/** "disk nvme0n1" for /dev/nvme0n1. */
export const entityOf = ({ device }: SmartReport): string => `disk ${device?.name.replace(/^\/dev\//, '') ?? ''}`.trimEnd();
