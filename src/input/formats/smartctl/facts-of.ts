import type { FactRow } from '#schema/relation';
import { type AtaAttribute, entityOf, type NvmeHealth, type ScsiErrors, type SmartReport } from './schema.ts';

/** One data unit of NVMe is 1000 blocks of 512 bytes (NVM Express Base Specification, SMART log, "Data Units Read"). */
const DATA_UNIT_BYTES = 512_000;

/** Units of what the log counts; data units become bytes. */
const NVME_UNITS: Readonly<Record<keyof NvmeHealth, string>> = {
  critical_warning: '',
  temperature: 'C',
  available_spare: '%',
  available_spare_threshold: '%',
  percentage_used: '%',
  data_units_read: 'B',
  data_units_written: 'B',
  host_reads: '',
  host_writes: '',
  controller_busy_time: 'min',
  power_cycles: '',
  power_on_hours: 'h',
  unsafe_shutdowns: '',
  media_errors: '',
  num_err_log_entries: '',
  warning_temp_time: 'min',
  critical_comp_time: 'min',
};
const isNvmeName = (name: string): name is keyof NvmeHealth => Object.hasOwn(NVME_UNITS, name);

type Fact = Omit<FactRow, 'entity'>;

/** What the report says of the disk, but for the exit status. */
export const factsOf = (report: SmartReport): FactRow[] => {
  const entity = entityOf(report);
  const said: readonly (readonly [string, FactRow['value'] | undefined, string])[] = [
    ['model', report.model_name, ''],
    ['firmware', report.firmware_version, ''],
    ['protocol', report.device?.protocol, ''],
    ['SMART overall health passed', report.smart_status?.passed, ''],
    ['temperature', report.temperature?.current, 'C'],
    ['power on time', report.power_on_time?.hours, 'h'],
    ['power cycles', report.power_cycle_count, ''],
    ['SCSI grown defect list', report.scsi_grown_defect_list, ''],
    ['SCSI pending defects', report.scsi_pending_defects?.count, ''],
    ['SCSI endurance used', report.scsi_percentage_used_endurance_indicator, '%'],
  ];
  const facts: Fact[] = said.flatMap(([name, value, unit]) => (value === undefined ? [] : [{ name, value, unit }]));
  const nvme = Object.entries(report.nvme_smart_health_information_log ?? {}).flatMap(([name, value]) => nvmeFact(name, value));
  const ata = (report.ata_smart_attributes?.table ?? []).flatMap(ataFacts);
  const scsi = Object.entries(report.scsi_error_counter_log ?? {}).flatMap(([way, errors]) => scsiFacts(way, errors));
  return [...facts, ...nvme, ...ata, ...scsi].map(fact => ({ entity, ...fact }));
};

const nvmeFact = (name: string, value: number | undefined): Fact[] => {
  if (value === undefined || !isNvmeName(name)) return [];
  const bytes = name === 'data_units_read' || name === 'data_units_written';
  const title = bytes ? name.replace('data_units', 'data') : name;
  return [{ name: `NVMe ${title.replaceAll('_', ' ')}`, value: bytes ? value * DATA_UNIT_BYTES : value, unit: NVME_UNITS[name] }];
};

/** The raw value is in a unit of the maker; the normalised one falls towards the threshold. */
const ataFacts = ({ name, value, thresh, when_failed, raw }: AtaAttribute): Fact[] => [
  { name: `${name} raw`, value: raw.value, unit: '' },
  { name: `${name} normalised`, value, unit: '' },
  ...(thresh === undefined ? [] : [{ name: `${name} threshold`, value: thresh, unit: '' }]),
  ...(when_failed === undefined || when_failed === '' ? [] : [{ name: `${name} failed`, value: when_failed, unit: '' }]),
];

/** Errors of reading, writing and verifying: corrected ones cost time, the others data. */
const scsiFacts = (way: string, errors: ScsiErrors | undefined): Fact[] =>
  Object.entries(errors ?? {}).flatMap(([name, value]) =>
    value === undefined ? [] : [{ name: `SCSI ${way} ${name.replaceAll('_', ' ')}`, value, unit: '' }],
  );
