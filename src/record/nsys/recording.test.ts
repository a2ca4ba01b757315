import { describe, expect, test } from 'vitest';
import type { Nsys } from './installed.ts';
import { optionsOf } from './options.ts';
import { launchArgs, profileArgs, RESERVED, type Recording, startArgs } from './recording.ts';

const help = (names: string) =>
  optionsOf(
    names
      .split(' ')
      .map(n => `\t--${n}=`)
      .join('\n'),
  );
const APPLICATION = 'trace cuda-graph-trace nvtx-capture wait osrt-threshold';
const COLLECTION = 'output sample cpuctxsw gpu-metrics-frequency capture-range capture-range-end';
function nsys(version: string, metrics: string, less: readonly string[] = []): Nsys {
  const of = (names: string) =>
    help(
      names
        .split(' ')
        .filter(n => !less.includes(n))
        .join(' '),
    );
  const options = {
    launch: of(APPLICATION),
    start: of(`${COLLECTION} ${metrics}`),
    profile: of(`${APPLICATION} ${COLLECTION} ${metrics} kill delay duration session-new`),
    stop: help('session'),
    shutdown: help('session'),
    export: help('type'),
  };
  return { path: '/usr/bin/nsys', version, options, importer: undefined };
}
const of2022 = nsys('2022.4.2', 'gpu-metrics-device');
const of2025 = nsys('2025.3.2', 'gpu-metrics-devices');
const plain: Recording = { trace: ['cuda', 'nvtx', 'osrt'], gpuMetrics: false, range: undefined, ranges: 1, extra: [] };

describe('a session', () => {
  test('is launched for its APIs, with the nodes of graphs', () => {
    expect(launchArgs(of2022, 'forensics-a', plain)).toEqual([
      'launch',
      '--session-new=forensics-a',
      '--trace=cuda,nvtx,osrt',
      '--cuda-graph-trace=node',
      '--wait=all',
    ]);
    // Without CUDA there are no graphs.
    expect(launchArgs(of2022, 's', { ...plain, trace: ['osrt'] })).toEqual(['launch', '--session-new=s', '--trace=osrt', '--wait=all']);
  });

  test('is started into a file, without samples of the CPU', () => {
    expect(startArgs(of2022, 's', plain, '/data/case.private/trace')).toEqual([
      'start',
      '--session=s',
      '--output=/data/case.private/trace',
      '--sample=none',
      '--cpuctxsw=none',
    ]);
  });

  test.each([
    [of2022, 'gpu-metrics-device'],
    [of2025, 'gpu-metrics-devices'],
  ])('$0.version calls GPU metrics --%s', (installed, name) => {
    const args = startArgs(installed, 's', { ...plain, gpuMetrics: true }, '/t');
    expect(args).toContain(`--${name}=all`);
    expect(args).toContain('--gpu-metrics-frequency=1000');
    expect(startArgs(installed, 's', plain, '/t').join()).not.toContain('gpu-metrics');
  });

  test('asks for nothing that this nsys does not know', () => {
    const poor = nsys('2021.1.1', 'none', ['cuda-graph-trace', 'wait', 'cpuctxsw']);
    expect(launchArgs(poor, 's', plain)).toEqual(['launch', '--session-new=s', '--trace=cuda,nvtx,osrt']);
    expect(startArgs(poor, 's', { ...plain, gpuMetrics: true }, '/t')).toEqual(['start', '--session=s', '--output=/t', '--sample=none']);
  });

  test('takes a percent sign in a path for just that', () => {
    expect(startArgs(of2022, 's', plain, '/data/50% off/%h/trace')).toContain('--output=/data/50%% off/%%h/trace');
  });

  // nsys sees the ranges of an application only when the collection waited before it was launched.
  test('that waits for a range is made by start, and joined by launch', () => {
    const ranged: Recording = { ...plain, range: { kind: 'nvtx', range: 'step@*' }, ranges: 3 };
    expect(startArgs(of2022, 's', ranged, '/t')).toEqual([
      'start',
      '--session-new=s',
      '--output=/t',
      '--sample=none',
      '--cpuctxsw=none',
      '--capture-range=nvtx',
      '--capture-range-end=repeat:3',
    ]);
    expect(launchArgs(of2022, 's', ranged)).toContain('--session=s');
    expect(launchArgs(of2022, 's', ranged)).toContain('--nvtx-capture=step@*');
  });

  test('with one range stops at its end, and never shuts the application down', () => {
    const args = startArgs(of2025, 's', { ...plain, range: { kind: 'cudaProfilerApi' } }, '/t');
    expect(args).toContain('--capture-range=cudaProfilerApi');
    expect(args).toContain('--capture-range-end=stop');
    expect(launchArgs(of2025, 's', { ...plain, range: { kind: 'cudaProfilerApi' } }).join()).not.toContain('nvtx-capture');
  });
});

describe('profile', () => {
  const window = { delaySeconds: 300, durationSeconds: 120 };
  test('leaves the application alone when the window ends', () => {
    const args = profileArgs(of2022, plain, { session: 's', stem: '/t', perRank: false }, window);
    expect(args).toEqual([
      'profile',
      '--session-new=s',
      '--trace=cuda,nvtx,osrt',
      '--cuda-graph-trace=node',
      '--wait=all',
      '--output=/t',
      '--sample=none',
      '--cpuctxsw=none',
      '--kill=none',
      '--delay=300',
      '--duration=120',
    ]);
  });
  test('names the recording of a rank by the rank', () => {
    const args = profileArgs(of2022, plain, { session: 's', stem: '/a %/t', perRank: true }, window);
    expect(args).toContain('--output=/a %%/t-rank%q{FORENSICS_RANK}');
    expect(args).toContain('--session-new=s-%q{FORENSICS_RANK}');
  });
  test('takes whole seconds, and at least one', () => {
    const args = (delay: number, duration: number | undefined) =>
      profileArgs(of2022, plain, { session: 's', stem: '/t', perRank: false }, { delaySeconds: delay, durationSeconds: duration }).filter(
        a => /^--d(elay|uration)/.test(a),
      );
    expect(args(0, 0.3)).toEqual(['--duration=1']);
    expect(args(1.6, 2.4)).toEqual(['--delay=2', '--duration=2']);
    expect(args(5, undefined)).toEqual(['--delay=5']);
  });
});

describe('what the user says to nsys', () => {
  const extra = [
    { name: 'osrt-threshold', value: '10000' },
    { name: 'sample', value: 'process-tree' },
    { name: 'trace', value: 'osrt' },
  ];
  test('takes the place of ours, and goes where it is known', () => {
    expect(launchArgs(of2022, 's', { ...plain, extra })).toEqual([
      'launch',
      '--session-new=s',
      '--cuda-graph-trace=node',
      '--wait=all',
      '--osrt-threshold=10000',
      '--trace=osrt',
    ]);
    expect(startArgs(of2022, 's', { ...plain, extra }, '/t')).toEqual([
      'start',
      '--session=s',
      '--output=/t',
      '--cpuctxsw=none',
      '--sample=process-tree',
    ]);
    const profile = profileArgs(
      of2022,
      { ...plain, extra },
      { session: 's', stem: '/t', perRank: false },
      { delaySeconds: 0, durationSeconds: undefined },
    );
    expect(profile.filter(a => /^--(trace|sample|osrt)/.test(a))).toEqual([
      '--osrt-threshold=10000',
      '--sample=process-tree',
      '--trace=osrt',
    ]);
  });

  test('cannot be what a capture sets itself', () => {
    expect(Object.keys(RESERVED)).toEqual(expect.arrayContaining(['output', 'session', 'kill', 'duration', 'delay', 'capture-range']));
  });
});
