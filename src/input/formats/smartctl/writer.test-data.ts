import fc from 'fast-check';
import { writing } from '#test/valid-rows';

/** What smartctl counts of a SCSI disk, by its way in the document. */
const COUNTS = [
  'SCSI grown defect list',
  'SCSI pending defects',
  'SCSI read errors corrected by eccfast',
  'SCSI read total uncorrected errors',
  'temperature',
] as const;

/** What a healthy disk is told by its status and by the exit status of smartctl. */
const ALL_IS_WELL = [
  ['SMART overall health passed', true],
  ...['attribute was at or below its threshold in the past', 'disk is failing', 'error log holds errors', 'some SMART command failed'].map(
    name => [name, false] as const,
  ),
  ...['prefail attribute at or below its threshold', 'self-test log holds errors'].map(name => [name, false] as const),
] as const;

const rows = fc
  .tuple(...COUNTS.map(() => fc.nat(100)))
  .map(values => COUNTS.map((name, i) => ({ entity: 'disk sda', name: name as string, value: (values[i] ?? 0) as number | boolean })))
  .map(facts => [...facts, ...ALL_IS_WELL.map(([name, value]) => ({ entity: 'disk sda', name, value }))]);

export default writing(rows, facts => {
  const [grown, pending, corrected, uncorrected, celsius] = facts.map(({ value }) => value);
  return JSON.stringify({
    ...{ json_format_version: [1, 0], smartctl: { version: [7, 4], argv: ['smartctl', '-j', '-a', '/dev/sda'], exit_status: 0 } },
    ...{
      device: { name: '/dev/sda', info_name: '/dev/sda', type: 'scsi' },
      smart_status: { passed: true },
      temperature: { current: celsius },
    },
    ...{ scsi_grown_defect_list: grown, scsi_pending_defects: { count: pending } },
    scsi_error_counter_log: { read: { errors_corrected_by_eccfast: corrected, total_uncorrected_errors: uncorrected } },
  });
});
