import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { Nsys } from '#record/nsys/installed';
import { optionsOf } from '#record/nsys/options';
import { type Host, lookAtHost, metricsObjection, type Needs, preflight } from './preflight.ts';

const root = mkdtempSync(join(tmpdir(), 'preflight-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const script = join(root, 'serve.sh');
writeFileSync(script, '#!/bin/sh\n', { mode: 0o755 });
const data = join(root, 'model.bin');
writeFileSync(data, '');
chmodSync(data, 0o644);

function nsys(version: string, start = '\t--gpu-metrics-device=\n'): Nsys {
  const none = optionsOf('');
  const options = { profile: none, launch: none, start: optionsOf(start), stop: none, shutdown: none, export: none };
  return { path: '/usr/bin/nsys', version, options, importer: undefined };
}
const gpuHost: Host = { gpus: 2, cuda: '12.0', countersForAdminOnly: false, isRoot: false, counterHolders: [] };
const needs: Needs = {
  command: [script],
  env: { PATH: root },
  gpuMetrics: 'auto',
  seconds: undefined,
  windows: 1,
  disks: [],
};
const found = (change: { needs?: Partial<Needs>; host?: Partial<Host>; nsys?: Nsys }) =>
  preflight({ ...needs, ...change.needs }, { ...gpuHost, ...change.host }, change.nsys ?? nsys('2022.4.2')).map(o => [o.severity, o.what]);

test('a host on which all is well is not objected to', () => expect(found({})).toEqual([]));

describe('the program', () => {
  test('may be on the PATH', () => expect(found({ needs: { command: ['serve.sh', '--port', '80'] } })).toEqual([]));
  test.each([
    ['nowhere.sh', 'nowhere.sh is not a program that can be found'],
    ['./nowhere.sh', './nowhere.sh is not a program that can be found'],
    [root, `${root} is not a program that can be found`],
    [data, `${data} is not executable`],
  ])('%s is refused', (word, what) => expect(found({ needs: { command: [word] } })).toEqual([['refuse', what]]));
});

describe('the driver', () => {
  test('that is too new for this nsys is a reason to refuse: the trace would be empty', () => {
    expect(found({ host: { cuda: '13.0' } })).toEqual([
      ['refuse', "nsys 2022.4.2 is older than the driver's CUDA 13.0: its trace would hold no kernels"],
    ]);
  });
  test('of the same major version is worth a note', () => {
    expect(found({ host: { cuda: '12.4' } })).toEqual([['note', "nsys 2022.4.2 is older than the driver's CUDA 12.4"]]);
  });
  test('that says nothing of CUDA is not judged', () => expect(found({ host: { cuda: undefined } })).toEqual([]));
  test('that shows no GPU is worth a note, and no more', () => {
    expect(found({ host: { gpus: 0, cuda: undefined } })).toEqual([
      [
        'note',
        'the NVIDIA driver shows no GPU here: kernels, GPU samples and GPU metrics will be missing, and the case cannot tell what a GPU did',
      ],
    ]);
  });
});

describe('GPU metrics', () => {
  test.each<[string, Partial<Host>, string]>([
    ['where only administrators may read the counters', { countersForAdminOnly: true }, 'lets only administrators read the counters'],
    ['where DCGM may hold the counters', { counterHolders: ['nv-hostengine'] }, 'nv-hostengine of DCGM runs'],
  ])('are left out with a note %s, and refused when they are wanted', (_, host, what) => {
    expect(found({ host })).toEqual([['note', expect.stringContaining(what)]]);
    expect(found({ host, needs: { gpuMetrics: 'on' } })).toEqual([['refuse', expect.stringContaining(what)]]);
    expect(found({ host, needs: { gpuMetrics: 'off' } })).toEqual([]);
  });
  test('may be read by an administrator', () => {
    expect(metricsObjection({ ...gpuHost, countersForAdminOnly: true, isRoot: true }, nsys('2022.4.2'))).toBeUndefined();
  });
  test('need an option of nsys, whose name changed', () => {
    expect(metricsObjection(gpuHost, nsys('2025.3.2', '\t--gpu-metrics-devices=\n'))).toBeUndefined();
    expect(metricsObjection(gpuHost, nsys('2020.1.1', ''))?.what).toContain('nsys 2020.1.1 has no option for them');
  });
  test('are not missed on a host without a GPU, unless they are wanted', () => {
    expect(found({ host: { gpus: 0 } }).map(([severity]) => severity)).toEqual(['note']);
    expect(found({ host: { gpus: 0 }, needs: { gpuMetrics: 'on' } })).toContainEqual([
      'refuse',
      'no GPU metrics: the NVIDIA driver shows no GPU',
    ]);
  });
});

describe('the disk', () => {
  test('must hold what a window of that length makes', () => {
    const years = 3600 * 24 * 365;
    expect(found({ needs: { disks: [join(root, 'not/yet/made')], seconds: years } })).toEqual([
      [
        'refuse',
        expect.stringMatching(/not\/yet\/made has [\d.]+ GiB free, and 31536000 s of recording on 2 GPU\(s\) may need [\d.,]+ GiB/),
      ],
    ]);
  });
  test('must hold all windows', () => {
    const disks = [root];
    const enough = found({ needs: { disks, seconds: 1, windows: 1 } });
    expect(enough).toEqual([]);
    expect(found({ needs: { disks, seconds: 60, windows: 9999 * 60 } })).toHaveLength(1);
  });
});

test('the reasons to refuse come first', () => {
  expect(found({ needs: { command: ['nowhere'] }, host: { gpus: 0, cuda: undefined } }).map(([severity]) => severity)).toEqual([
    'refuse',
    'note',
  ]);
});

/** Where NVIDIA's driver has a folder for each GPU. */
const DRIVER = '/proc/driver/nvidia/gpus';
test('this host can be looked at, whatever it is', async () => {
  const host = await lookAtHost({ PATH: root });
  expect(host).toMatchObject({
    gpus: existsSync(DRIVER) ? readdirSync(DRIVER).length : 0,
    cuda: undefined,
    isRoot: process.getuid?.() === 0,
  });
});
