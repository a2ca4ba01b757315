import fc from 'fast-check';
import { lined, writing } from '#test/valid-rows';

const hundredths = fc.integer({ min: 1, max: 100_000 }).map(n => n / 100);
const rows = fc.tuple(hundredths, hundredths, hundredths, hundredths).map(([down0, down1, ab, ba]) => [
  { what: 'host-copy', test: 'host_to_device_memcpy_ce', from: 'CPU 0', to: 'GPU 0', value: down0 },
  { what: 'host-copy', test: 'host_to_device_memcpy_ce', from: 'CPU 0', to: 'GPU 1', value: down1 },
  { what: 'peer-copy', test: 'device_to_device_memcpy_read_ce', from: 'GPU 0', to: 'GPU 1', value: ab },
  { what: 'peer-copy', test: 'device_to_device_memcpy_read_ce', from: 'GPU 1', to: 'GPU 0', value: ba },
]);

/** The text of 0.8 on two GPUs. */
export default writing(rows, all => {
  const [down0 = '', down1 = '', ab = '', ba = ''] = all.map(({ value }) => value.toFixed(2));
  return lined([
    'nvbandwidth Version: v0.8',
    'Built from Git version: v0.8',
    '',
    'Device 0: NVIDIA H200 (00000000:1b:00)',
    'Device 1: NVIDIA H200 (00000000:43:00)',
    '',
    'Running host_to_device_memcpy_ce.',
    'memcpy CE CPU(row) -> GPU(column) bandwidth (GB/s)',
    '           0         1',
    ` 0     ${down0}     ${down1}`,
    '',
    'Running device_to_device_memcpy_read_ce.',
    'memcpy CE GPU(row) <- GPU(column) bandwidth (GB/s)',
    '           0         1',
    ` 0       N/A    ${ba}`,
    ` 1    ${ab}       N/A`,
    '',
    'SUM device_to_device_memcpy_read_ce 781.13',
  ]);
});
