import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { assertBuilt } from '#test/run-cli';
import { endTagged, until } from './end.ts';
import { SESSION_TAG, taggedProcesses } from './tagged-processes.ts';

const DIST = resolve(import.meta.dirname, '../../../dist/record/processes/watchdog.js');
const root = mkdtempSync(join(tmpdir(), 'watchdog-'));
const tags: string[] = [];
beforeAll(() => assertBuilt(), 120_000);
afterEach(async () => {
  for (const sessionTag of tags) await endTagged(sessionTag, 0);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** A program that starts a watchdog and a tagged `sleep`, and then does as it is told. */
async function watched(name: string, then: string, command = ['sh', ['-c', `echo saved > "${root}/${name}.saved"`]]) {
  const sessionTag = `watchdog-${process.pid}-${name}`;
  tags.push(sessionTag);
  const journal = join(root, `${name}.jsonl`);
  const script = join(root, `${name}.mjs`);
  writeFileSync(
    script,
    `import { spawn } from 'node:child_process';
     import { startWatchdog } from ${JSON.stringify(DIST)};
     const watchdog = startWatchdog({ sessionTag: ${JSON.stringify(sessionTag)}, commands: [{ command: ${JSON.stringify(command[0])}, args: ${JSON.stringify(command[1])}, seconds: 1 }], graceSeconds: 1, journal: ${JSON.stringify(journal)} }, process.env);
     const child = spawn('sleep', ['60'], { detached: true, stdio: 'ignore', env: { ...process.env, ${SESSION_TAG}: ${JSON.stringify(sessionTag)} } });
     child.once('spawn', () => process.stdout.write('ready'));
     child.unref();
     ${then}
     setInterval(() => {}, 1000);`,
  );
  const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise(done => child.once('exit', done));
  await new Promise(done => child.stdout.once('data', done));
  const noted = () =>
    existsSync(journal)
      ? readFileSync(journal, 'utf8')
          .split('\n')
          // What follows the last line break is empty, or not written to its end yet.
          .slice(0, -1)
          .filter(l => l !== '')
          .map(l => JSON.parse(l).event)
      : [];
  return { child, sessionTag, ended, noted, saved: join(root, `${name}.saved`) };
}

test('when we are killed, what was collected is saved, and all that is ours is ended', async () => {
  const { child, sessionTag, ended, noted, saved } = await watched('killed', '');
  expect(taggedProcesses(sessionTag)).toHaveLength(1);
  child.kill('SIGKILL');
  await ended;
  expect(await until(() => noted().includes('swept'), 20)).toBe(true);
  expect(noted()).toEqual(['orphaned', 'swept']);
  expect(existsSync(saved)).toBe(true);
  expect(taggedProcesses(sessionTag)).toEqual([]);
});

test('a command of the last will that hangs does not save the others', async () => {
  const { child, sessionTag, noted } = await watched('hangs', '', ['sleep', ['60']]);
  child.kill('SIGKILL');
  expect(await until(() => noted().includes('swept'), 20)).toBe(true);
  expect(taggedProcesses(sessionTag)).toEqual([]);
});

test('a watchdog that is released does nothing', async () => {
  const { child, sessionTag, ended, noted } = await watched('released', 'watchdog.release(); setTimeout(() => process.exit(0), 300);');
  await ended;
  await until(() => noted().length > 0, 1.5);
  expect(noted()).toEqual([]);
  expect(taggedProcesses(sessionTag)).toHaveLength(1);
  expect(child.exitCode).toBe(0);
});
