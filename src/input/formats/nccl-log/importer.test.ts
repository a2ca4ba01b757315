import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import ncclLog from './importer.ts';

const SAMPLE = readFileSync(new URL('sample.log', import.meta.url), 'utf8');
const told = (text: string) => Object.fromEntries(ncclLog.parse(text, 'nccl.log').rows.map(r => [`${r.entity} ${r.name}`, r.value]));

test('what NCCL chose, and what it was told by the environment', () =>
  expect(told(SAMPLE)).toEqual({
    'NCCL warnings': 1,
    'NCCL version': '2.27.3',
    'NCCL cuda': '12.9',
    'NCCL ranks': 2,
    'NCCL nvls': true,
    'NCCL transport.SHM': 2,
    'NCCL transport.P2P': 1,
    'NCCL channels': 24,
    'NCCL nvls_channels': 16,
    'NCCL p2p_channels': 32,
    'NCCL first_warning': 'socketStartConnect: Connect from <host> to <address><33321> of <host> failed : Software caused connection abort',
    'environment NCCL_SOCKET_IFNAME': 'eth0',
    'environment NCCL_P2P_DISABLE': '1',
    'environment NCCL_TOPO_FILE': '<home>/topo.xml',
  }));

describe('lines', () => {
  const INFO = 'node:1:2 [0] NCCL INFO ';
  test.each([
    ['a version alone (NCCL_DEBUG=VERSION)', 'NCCL version 2.21.5+cuda12.4', { 'NCCL version': '2.21.5', 'NCCL cuda': '12.4' }],
    ['no multicast', `${INFO}NVLS multicast support is not available on dev 0`, { 'NCCL nvls': false }],
    [
      'another process in front',
      `(Worker pid=7) ${INFO}NCCL_NVLS_ENABLE set by environment to 0.`,
      { 'environment NCCL_NVLS_ENABLE': '0' },
    ],
    ['between hosts', `${INFO}Channel 00/0 : 0[0] -> 8[0] [send] via NET/IB/0/GDRDMA`, { 'NCCL transport.NET': 1 }],
    ['a ring, which is no way', `${INFO}Channel 00/24 :    0   1   2`, { 'NCCL warnings': 0 }],
  ])('%s', (_, line, expected) => expect(told(`${line}\n`)).toMatchObject(expected));
});

test('a program that never spoke of NCCL is none', () =>
  expect(ncclLog.sniff('step 1 of 4000 is done\nusing NCCL as backend\n')).toBe(false));
