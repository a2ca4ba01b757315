import { expect, test } from 'vitest';
import type { Nsys, Subcommand } from '#record/nsys/installed';
import { optionsOf } from '#record/nsys/options';
import { chooseMethod } from './method.ts';

function nsys(help: Partial<Record<Subcommand, string>>): Nsys {
  const table = (of: Subcommand) => optionsOf(help[of] ?? '');
  return {
    path: '/usr/bin/nsys',
    version: '2022.4.2',
    options: {
      profile: table('profile'),
      launch: table('launch'),
      start: table('start'),
      stop: table('stop'),
      shutdown: table('shutdown'),
      export: table('export'),
    },
    importer: undefined,
  };
}
const SESSIONS = { launch: '\t--session-new=\n', start: '\t--session=\n', stop: '\t--session=\n' };
const whole = nsys({ ...SESSIONS, profile: '\t--kill=\n\t-y, --delay=\n' });
const noSessions = nsys({ profile: '\t--kill=\n' });
const old = nsys({ profile: '\t-y, --delay=\n\t-d, --duration=\n' });
const window = { perRank: false, repeat: 1, duration: 60 };

test('sessions are taken where there are any: the end of a window is then no event for the workload', () => {
  expect(chooseMethod(whole, window).method).toBe('sessions');
  expect(chooseMethod(whole, { ...window, repeat: 6 }).method).toBe('sessions');
});

test('profile that does not kill is taken where there are none, and the reason is named', () => {
  expect(chooseMethod(noSessions, window)).toEqual({
    method: 'profile',
    why: 'nsys 2022.4.2 has no sessions: profile --delay --duration --kill none',
  });
});

test.each(['launch', 'start', 'stop'] as const)('sessions without --session of %s are none', lacking => {
  expect(chooseMethod(nsys({ ...SESSIONS, [lacking]: '', profile: '\t--kill=\n' }), window).method).toBe('profile');
});

test('ranks have an nsys each, also where there are sessions', () => {
  expect(chooseMethod(whole, { ...window, perRank: true }).method).toBe('profile');
  expect(() => chooseMethod(whole, { ...window, perRank: true, repeat: 2 })).toThrow('windows cannot repeat');
});

test('an nsys that would kill the workload with the window is refused', () => {
  expect(() => chooseMethod(old, window)).toThrow('ends the program with the window');
  expect(() => chooseMethod(old, { ...window, perRank: true })).toThrow('ends the program with the window');
  // Without a window it ends when the workload does.
  expect(chooseMethod(old, { ...window, duration: undefined }).method).toBe('profile');
  expect(chooseMethod(old, { ...window, perRank: true, duration: undefined }).method).toBe('profile');
});

test('windows that repeat are refused where no session can hold them', () => {
  expect(() => chooseMethod(noSessions, { ...window, repeat: 2 })).toThrow('windows cannot repeat');
});
