import fc from 'fast-check';
import { lined, writing } from '#test/valid-rows';

const failed = (sxid: number | string): string =>
  `detected NVSwitch non-fatal error ${sxid} on fid 0 on NVSwitch pci bus id 00000000:86:00.0 physical id 3 port 61`;
const count = fc.integer({ min: 1, max: 20 });
const rows = fc
  .record({
    version: fc.constantFrom('535.129.03', '580.95.05'),
    errors: count,
    warnings: fc.nat(20),
    sxid: fc.integer({ min: 10_000, max: 99_999 }),
  })
  .map(({ version, errors, warnings, sxid }) =>
    Object.entries({ version, warnings, errors, first_error: failed(sxid), [`sxid ${sxid}`]: errors }).map(([name, value]) => ({
      entity: 'fabric manager',
      name,
      value,
    })),
  );

/** The log: a version, warnings, and errors of an NVSwitch. */
export default writing(rows, facts => {
  const of = (name: string) => facts.find(f => f.name === name)?.value;
  const sxid = `${facts.find(f => f.name.startsWith('sxid'))?.name.slice('sxid '.length)}`;
  const line = (level: string, said: string, second: number) =>
    `[Nov 22 2026 14:00:${String(second).padStart(2, '0')}] [${level}] [tid 1201] ${said}`;
  const many = (name: string, level: string, said: string) => Array.from({ length: Number(of(name)) }, (_, i) => line(level, said, i));
  return lined([
    line('INFO', `Fabric Manager version ${of('version')} is running with the following configuration options`, 0),
    ...many('warnings', 'WARNING', 'access took long'),
    ...many('errors', 'ERROR', failed(sxid)),
  ]);
});
