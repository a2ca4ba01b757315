import { describe, expect, test } from 'vitest';
import { staysInProcess, waitFamily, wakeFamily } from './wait-calls.ts';

describe('what a call waits for', () => {
  test.each([
    ['pthread_cond_timedwait', 'cond'],
    ['pthread_mutex_lock', 'mutex'],
    ['pthread_rwlock_rdlock', 'mutex'],
    ['pthread_barrier_wait', 'barrier'],
    ['sem_clockwait', 'sem'],
    ['futex', 'futex'],
    ['poll', 'message'],
    ['epoll_pwait', 'message'],
    ['read', 'message'],
    ['recvmsg', 'message'],
  ])('%s: %s', (name, family) => expect(waitFamily(name)).toBe(family));
  test.each([
    'clock_nanosleep',
    'usleep',
    'sched_yield',
    'pread64',
    'preadv64v2',
    'pthread_cond_signal',
    'sem_post',
    'send',
    'pthread_mutex_init',
    'cudaStreamSynchronize',
  ])('%s: for no thread', name => expect(waitFamily(name)).toBeUndefined());
});

describe('what a call ends', () => {
  test.each([
    ['pthread_cond_broadcast', 'cond'],
    ['pthread_mutex_unlock', 'mutex'],
    ['sem_post', 'sem'],
    ['futex', 'futex'],
    ['write', 'message'],
    ['sendto', 'message'],
    ['eventfd_write', 'message'],
  ])('%s: waits for a %s', (name, family) => expect(wakeFamily(name)).toBe(family));
  test.each(['pwrite64', 'sem_wait', 'poll', 'read', 'clock_nanosleep'])('%s: none', name => expect(wakeFamily(name)).toBeUndefined());
});

test('locks and conditions stay in a process; semaphores, futexes and messages may not', () =>
  expect((['cond', 'mutex', 'barrier', 'sem', 'futex', 'message'] as const).filter(staysInProcess)).toEqual(['cond', 'mutex', 'barrier']));
