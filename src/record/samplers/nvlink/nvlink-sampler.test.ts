import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { SamplerSummary } from '#schema/monitor';
import { type Manners, pretendNvidiaSmi } from '#test/pretend-nvidia-smi';
import { nvlinkSampler } from './nvlink-sampler.ts';

const root = mkdtempSync(join(tmpdir(), 'nvlink-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const samplerOn = (manners: Manners) =>
  nvlinkSampler({ env: pretendNvidiaSmi(join(root, 'bin'), manners), tell: () => {}, intervalMs: 60_000 });

test('the counters are read at the start and at the end', async () => {
  const sampler = samplerOn({});
  expect(await sampler.start(root)).toEqual({ sampling: true });
  const summary = await sampler.stop();
  expect(SamplerSummary.safeParse(summary).error).toBeUndefined();
  expect(summary).toMatchObject({ file: 'nvlink.csv', samples: 8, missing: [] });
  const lines = readFileSync(join(root, 'nvlink.csv'), 'utf8').split('\n');
  expect(lines[0]).toBe('time_ns,gpu,link,tx_kib,rx_kib,replay_errors,recovery_errors,crc_errors');
  expect(lines.slice(1, -1).map(line => line.replace(/^\d{19},/, ''))).toEqual(
    [...Array(2)].flatMap(() => ['0,0,100,7,0,0,3', '0,1,101,7,0,0,3', '1,0,101,7,0,0,3', '1,1,102,7,0,0,3']),
  );
  rmSync(join(root, 'nvlink.csv'));
});

test('a machine without active links has no file', async () => {
  const sampler = samplerOn({ PRETEND_LINK: '<inactive>' });
  const why = 'no NVLink is active here: no NVLink counters';
  expect(await sampler.start(root)).toEqual({ sampling: false, why });
  expect(await sampler.stop()).toMatchObject({ file: null, missing: [why] });
  expect(existsSync(join(root, 'nvlink.csv'))).toBe(false);
});
