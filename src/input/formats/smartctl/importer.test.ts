import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import smartctl from './importer.ts';

const SAMPLE = readFileSync(new URL('sample.json', import.meta.url), 'utf8');
const parse = (text: string) => smartctl.parse(text, 's.json');
const values = (text: string) => Object.fromEntries(parse(text).rows.map(({ name, value, unit }) => [name, `${value} ${unit}`.trim()]));

test('facts of an NVMe disk; a data unit is 512,000 bytes', () => {
  expect(parse(SAMPLE).rows[0]).toEqual({ entity: 'disk nvme0n1', name: 'model', value: 'Invented 960GB', unit: '' });
  expect(values(SAMPLE)).toMatchObject({
    'SMART overall health passed': 'true',
    'NVMe data read': '1024000000 B',
    'NVMe data written': '41592098304000 B',
    'NVMe media errors': '1',
    'NVMe percentage used': '3 %',
    'power on time': '8760 h',
  });
});

test('the exit status is a mask of bits', () => {
  expect(values(SAMPLE)).toMatchObject({
    'error log holds errors': 'true',
    'disk is failing': 'false',
    'self-test log holds errors': 'false',
  });
  expect(values(SAMPLE.replace('"exit_status": 64', '"exit_status": 24'))).toMatchObject({
    'disk is failing': 'true',
    'prefail attribute at or below its threshold': 'true',
    'error log holds errors': 'false',
  });
});

test('no serial number', () => expect(JSON.stringify(parse(SAMPLE).rows)).not.toContain('S000INVENTED'));

test('attributes of a SATA disk', () => {
  const table = [
    { id: 5, name: 'Reallocated_Sector_Ct', value: 98, worst: 98, thresh: 10, when_failed: '', raw: { value: 16, string: '16' } },
  ];
  const sata = JSON.stringify({
    json_format_version: [1, 0],
    smartctl: { exit_status: 0 },
    device: { name: '/dev/sda' },
    ata_smart_attributes: { table },
  });
  expect(values(sata)).toMatchObject({
    'Reallocated_Sector_Ct raw': '16',
    'Reallocated_Sector_Ct normalised': '98',
    'Reallocated_Sector_Ct threshold': '10',
  });
});

describe('refusals', () => {
  test('a disk that smartctl could not read, with its reason', () => {
    const text = JSON.stringify({
      json_format_version: [1, 0],
      smartctl: { exit_status: 1, messages: [{ string: '/dev/vda: Unable to detect device type', severity: 'error' }] },
    });
    expect(() => parse(text)).toThrow('s.json: smartctl could not read the disk (it says "/dev/vda: Unable to detect device type").');
  });
  test.each([
    [SAMPLE.replace('"exit_status": 64', '"exit_status": "64"'), 's.json, field smartctl.exit_status: "64"'],
    [SAMPLE.slice(0, 500), 's.json: it is not a whole JSON document'],
  ])('%#', (text, message) => expect(() => parse(text)).toThrow(message));
});

test('a SCSI disk tells its lists of defects and its errors', () => {
  const report = {
    json_format_version: [1, 0],
    smartctl: { exit_status: 0 },
    device: { name: '/dev/sda', protocol: 'SCSI' },
    scsi_grown_defect_list: 7,
    scsi_pending_defects: { count: 2 },
    scsi_error_counter_log: { read: { total_uncorrected_errors: 3 } },
  };
  const facts = smartctl.parse(JSON.stringify(report), 's.json').rows;
  expect(facts).toContainEqual({ entity: 'disk sda', name: 'SCSI grown defect list', value: 7, unit: '' });
  expect(facts).toContainEqual({ entity: 'disk sda', name: 'SCSI pending defects', value: 2, unit: '' });
  expect(facts).toContainEqual({ entity: 'disk sda', name: 'SCSI read total uncorrected errors', value: 3, unit: '' });
});

test('a list of disks is no report of their health', () => {
  const scan = { json_format_version: [1, 0], smartctl: { exit_status: 0 }, devices: [{ name: '/dev/sda' }, { name: '/dev/nvme0' }] };
  expect(() => parse(JSON.stringify(scan))).toThrow(
    's.json: it lists the disks that smartctl --scan found (/dev/sda, /dev/nvme0), and says nothing',
  );
});
