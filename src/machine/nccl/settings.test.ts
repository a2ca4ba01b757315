import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { badSettings, SETTINGS } from './settings.ts';

test('what forbids the direct way, or takes the choice away, is found', () => {
  const found = badSettings({
    NCCL_P2P_DISABLE: '1',
    NCCL_NVLS_ENABLE: '"0"',
    NCCL_P2P_LEVEL: 'LOC',
    NCCL_PROTO: 'Simple',
    NCCL_IB_DISABLE: '1',
  });
  expect(found.map(f => f.name)).toEqual(['NCCL_P2P_DISABLE', 'NCCL_P2P_LEVEL', 'NCCL_IB_DISABLE', 'NCCL_NVLS_ENABLE', 'NCCL_PROTO']);
});

test('what is as it should be is not', () =>
  expect(badSettings({ NCCL_P2P_DISABLE: '0', NCCL_NVLS_ENABLE: '1', NCCL_P2P_LEVEL: 'NVL', NCCL_ALGO: '', NCCL_VERSION: '2.28' })).toEqual(
    [],
  ));

test('the relation reads every setting that a rule judges', () => {
  const sql = readFileSync(new URL('../../../queries/prelude/communication_setting.sql', import.meta.url), 'utf8');
  expect(SETTINGS.filter(name => !sql.includes(`'${name}'`))).toEqual([]);
});
