import type { Activity } from '#trace/events/host-categories';

/** What a wait waits for, and so which calls can end it. */
export type WaitFamily = 'cond' | 'mutex' | 'barrier' | 'sem' | 'futex' | 'message';

/** Calls in which a thread waits for another. A sleep is none: time ends it. */
const WAITS: readonly (readonly [WaitFamily, RegExp])[] = [
  ['cond', /^pthread_cond_(timed|clock)?wait$/],
  ['mutex', /^pthread_(mutex_(timed|clock)?lock|rwlock_(timed|clock)?(rd|wr)lock|spin_lock)$/],
  ['barrier', /^pthread_barrier_wait$/],
  ['sem', /^(sem_(timed|clock)?wait|semop|semtimedop)$/],
  ['futex', /^futex/],
  // Only the plain reads: those with an offset (pread) are of files.
  ['message', /^(p?poll|p?select|epoll_p?wait2?|readv?|recv(from|msg|mmsg)?|accept4?|eventfd_read|mq_(timed)?receive|msgrcv)$/],
];

/** Calls by which a thread can end the wait of another. */
const WAKES: readonly (readonly [WaitFamily, RegExp])[] = [
  ['cond', /^pthread_cond_(signal|broadcast)$/],
  ['mutex', /^pthread_(mutex|rwlock|spin)_unlock$/],
  ['barrier', /^pthread_barrier_wait$/],
  ['sem', /^(sem_post|semop|semtimedop)$/],
  ['futex', /^futex/],
  ['message', /^(writev?|send(to|msg|mmsg|file|file64)?|splice|connect|shutdown|eventfd_write|mq_(timed)?send|msgsnd)$/],
];

const familyIn = (rules: readonly (readonly [WaitFamily, RegExp])[], name: string) => rules.find(([, pattern]) => pattern.test(name))?.[0];

/** What a call waits for, by its name; undefined where no other thread ends it. */
export const waitFamily = (name: string): WaitFamily | undefined => familyIn(WAITS, name);

/** Which waits a call can end, by its name. */
export const wakeFamily = (name: string): WaitFamily | undefined => familyIn(WAKES, name);

/** Locks and conditions live in one process's memory; all else may be shared between processes. */
export const staysInProcess = (family: WaitFamily): boolean => family === 'cond' || family === 'mutex' || family === 'barrier';

/** True where a thread in this call stands still: it cannot be waking anybody. */
export const standsStill = (activity: Activity, family: WaitFamily | undefined): boolean =>
  activity === 'wait' || activity === 'sync' || activity === 'copy' || family !== undefined;
