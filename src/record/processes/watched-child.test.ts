import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, onTestFinished, test, vi } from 'vitest';
import { Interruption } from './interruption.ts';
import { watchedChild } from './watched-child.ts';

const root = mkdtempSync(join(tmpdir(), 'watched-child-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let made = 0;
const LONG_SECONDS = 600;

/** Runs a script as a child, and collects what it says. */
async function watched(
  code: string,
  options: { patienceSeconds?: number; nodeOptions?: string; stop?: AbortSignal; onLine?: () => void } = {},
) {
  const script = join(root, `${++made}.mjs`);
  writeFileSync(script, code);
  const told: string[] = [];
  const ending = await watchedChild(script, ['an argument'], {
    env: { ...process.env, NODE_OPTIONS: options.nodeOptions ?? '' },
    patienceSeconds: options.patienceSeconds ?? LONG_SECONDS,
    stop: options.stop ?? new AbortController().signal,
    tell: line => {
      told.push(line);
      options.onLine?.();
    },
  });
  return { ...ending, told };
}
const calm = { code: 0, signal: null, isSilent: false, complaint: '' };

test('what a child says comes line by line, and its exit code is known', async () =>
  expect(await watched(`process.stderr.write('a\\nb'); process.stderr.write('c\\n'); process.exitCode = process.argv[2].length`)).toEqual({
    ...calm,
    code: 11,
    lastLine: 'bc',
    told: ['a\n', 'bc\n'],
  }));
test('the rest of a line comes at the end', async () =>
  expect(await watched(`process.stderr.write('a')`)).toEqual({ ...calm, lastLine: 'a', told: ['a'] }));
test('a child that says nothing and never ends is ended, though it hears nothing', async () => {
  // Patience runs out once it has begun, however long that takes on a busy machine.
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  onTestFinished(() => void vi.useRealTimers());
  const onLine = () => void vi.advanceTimersByTime(LONG_SECONDS * 1000);
  expect(await watched(`process.stderr.write('begun\\n'); for (;;);`, { onLine })).toMatchObject({
    ...{ signal: 'SIGKILL', isSilent: true, lastLine: 'begun' },
  });
});
test('the pages by which Node gives up are kept apart', async () => {
  const code = `process.stderr.write('begun\\n'); const all = []; for (;;) all.push({ at: Math.random() });`;
  const { complaint, told, lastLine, signal } = await watched(code, { nodeOptions: '--max-old-space-size=16' });
  expect(complaint).toContain('heap out of memory');
  expect(signal).toBe('SIGABRT');
  expect(lastLine).toBe('begun');
  expect(told.join('').trim()).toBe('begun');
});
test('a signal is passed on', async () => {
  const stopper = new AbortController();
  const running = watched('setInterval(() => {}, 1000)', { stop: stopper.signal });
  stopper.abort(new Interruption('SIGTERM'));
  expect(await running).toMatchObject({ signal: 'SIGTERM', isSilent: false });
});
