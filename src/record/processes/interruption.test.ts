import { describe, expect, test } from 'vitest';
import { Interruption, interruptOf, unlessAborted, whenAborted } from './interruption.ts';

describe('what a signal was aborted by', () => {
  test('is nothing while it is not', () => expect(interruptOf(new AbortController().signal)).toBeUndefined());
  test('is the signal of the system that came', () => expect(interruptOf(AbortSignal.abort(new Interruption('SIGTERM')))).toBe('SIGTERM'));
  test('is as if by Ctrl-C where nobody names one', () => expect(interruptOf(AbortSignal.abort())).toBe('SIGINT'));
});

describe('whoever waits for it', () => {
  test('is told, whether it waited before or comes later', async () => {
    const controller = new AbortController();
    const before = whenAborted(controller.signal);
    controller.abort(new Interruption('SIGHUP'));
    expect([await before, await whenAborted(controller.signal), await whenAborted(AbortSignal.abort())]).toEqual([
      'SIGHUP',
      'SIGHUP',
      'SIGINT',
    ]);
  });
});

describe('work that a signal cuts off', () => {
  const { signal } = new AbortController();
  test('gives its value while nobody stops it', async () => {
    expect(await unlessAborted(signal, Promise.resolve(7))).toBe(7);
    expect(await unlessAborted(signal, Promise.resolve(undefined))).toBeUndefined();
    await expect(unlessAborted(signal, Promise.reject(new Error('its own')))).rejects.toThrow('its own');
  });
  test('ends with the reason, though it never ends itself', async () => {
    const controller = new AbortController();
    const ended = unlessAborted(controller.signal, new Promise(() => {}));
    const reason = new Interruption('SIGINT');
    controller.abort(reason);
    await expect(ended).rejects.toBe(reason);
  });
});
