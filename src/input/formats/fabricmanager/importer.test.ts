import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import fabricmanager from './importer.ts';

const SAMPLE = readFileSync(new URL('sample.log', import.meta.url), 'utf8');
const told = (text: string) => Object.fromEntries(fabricmanager.parse(text, 'fm.log').rows.map(r => [r.name, r.value]));

test('errors and warnings are counted, errors of switches by their number', () =>
  expect(told(SAMPLE)).toEqual({
    errors: 2,
    warnings: 1,
    version: '580.95.05',
    first_error: 'detected NVSwitch non-fatal error 12028 on fid 0 on NVSwitch pci bus id 00000000:86:00.0 physical id 3 port 61',
    'sxid 12028': 1,
    'sxid 20034': 1,
  }));
test('a log without errors says so', () =>
  expect(told('[Nov 22 2026 13:59:45] [INFO] [tid 1803] multicast group 0 is freed.\n')).toEqual({ errors: 0, warnings: 0 }));
test('addresses are left out', () => {
  const error = '[Nov 22 2026 14:02:58] [ERROR] [tid 1] no answer of 10.7.3.1\n';
  expect(told(error)).toMatchObject({ first_error: 'no answer of <address>' });
});
